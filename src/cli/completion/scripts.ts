export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell has to run once, so that it completes the command `patchcord`. The candidates come from the command itself, as it is called; whatever it says of
 * itself going wrong would be in the way of what is being typed.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_patchcord() {
  local reply
  COMPREPLY=()
  while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(
    "\${COMP_WORDS[0]}" complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
  )
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]]; then compopt -o nospace; fi
}
complete -F _patchcord patchcord
`,
  zsh: `#compdef patchcord
_patchcord() {
  local line
  local -a lines open openly done_ donely
  lines=(\${(f)"$("\${words[1]}" complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)"})
  for line in $lines; do
    if [[ \${line%%$'\\t'*} == *: ]]; then
      open+=("\${line%%$'\\t'*}"); openly+=("\${line//$'\\t'/  }")
    else
      done_+=("\${line%%$'\\t'*}"); donely+=("\${line//$'\\t'/  }")
    fi
  done
  compadd -U -l -S '' -d openly -a open
  compadd -U -l -d donely -a done_
}
compdef _patchcord patchcord
`,
  fish: `function __patchcord_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l plain (string unescape -- $current)
  or set plain (string replace -r '^[\\'"]' '' -- $current)
  $words[1] complete fish -- $words[2..-1] "$plain" 2>/dev/null
end
complete -c patchcord -f -a '(__patchcord_complete)'
`,
};
