import { parseDocument } from "yaml";
import type { z } from "zod";
import {
  combinationProblems,
  type Environment,
  environmentSchema,
  presentOnly,
} from "./config/environment.ts";
import { type FileConfig, fileSchema } from "./config/file.ts";
import { asError, ConfigError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** Everything that can be set, checked and with its defaults. */
export interface Config {
  readonly env: Environment;
  readonly file: FileConfig;
}

/** The file that `PATCHCORD_CONFIG` names: its text, or why it cannot be had. */
export type ConfigFile = { readonly path: string } & (
  | { readonly text: string }
  | { readonly problem: string }
);

/**
 * Checks the environment and the optional file. Throws `ConfigError` with every problem at once, each with what to do.
 * No value is repeated in a problem: it may be a secret in the wrong place.
 */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  file?: ConfigFile,
): Config {
  const present = presentOnly(environment);
  const env = environmentSchema.safeParse(present);
  const behaviour = parseFile(file);
  const problems = [
    ...(env.success ? [] : env.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`)),
    ...combinationProblems(present),
    ...behaviour.problems,
  ];
  if (!env.success || !behaviour.value || problems.length > 0) throw new ConfigError(problems);
  return { env: env.data, file: behaviour.value };
}

/** The optional file alone, for what needs no secrets. Throws `ConfigError`. */
export function parseBehaviour(file?: ConfigFile): FileConfig {
  const { value, problems } = parseFile(file);
  if (!value) throw new ConfigError(problems);
  return value;
}

interface ParsedFile {
  readonly value?: FileConfig;
  readonly problems: readonly string[];
}

function parseFile(file: ConfigFile | undefined): ParsedFile {
  if (!file) return { value: fileSchema.parse({}), problems: [] };
  if ("problem" in file) return { problems: [file.problem] };
  const document = readYaml(file.text);
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => `${file.path} is not valid YAML: ${error}`) };
  }
  const parsed = fileSchema.safeParse(document.value ?? {});
  if (parsed.success) return { value: parsed.data, problems: [] };
  return {
    problems: parsed.error.issues.flatMap((issue) => describe(issue).map((text) => `${file.path}: ${text}`)),
  };
}

/** What the text says, or each error's first line: the others repeat the text. */
function readYaml(text: string): { readonly value?: unknown; readonly errors: readonly string[] } {
  // As a plain number, a Discord id would lose its last digits.
  const document = parseDocument(text, { intAsBigInt: true });
  const firstLine = (message: string) => message.split(/:?\n/)[0] ?? message;
  if (document.errors.length > 0) return { errors: document.errors.map(({ message }) => firstLine(message)) };
  try {
    const plain = (_: unknown, value: unknown) => (isSmall(value) ? Number(value) : value);
    return { value: document.toJS({ reviver: plain }), errors: [] };
  } catch (error) {
    return { errors: [firstLine(asError(error).message)] }; // an alias without an anchor
  }
}

const isSmall = (value: unknown) => typeof value === "bigint" && Number.isSafeInteger(Number(value));

type Issue = z.core.$ZodIssue;

const SETTINGS = "must hold settings: write each as `setting: value`, indented on a line of its own";
const KINDS: Readonly<Record<string, string>> = {
  string: "must be text: put it in quotes",
  boolean: "must be true or false",
  number: "must be a whole number",
  int: "must be a whole number",
  object: SETTINGS,
  record: SETTINGS,
};

function describe(issue: Issue): string[] {
  const where = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) =>
        `${[where, key].filter(Boolean).join(".")} is not a setting${suggestion(key, siblingsOf(where))}`,
    );
  }
  if (issue.code === "custom") return issue.message.split("\n").map((line) => `${where} ${line}`);
  if (issue.code === "invalid_key") return issue.issues.map((inner) => `${where} ${inner.message}`);
  if (issue.code === "invalid_value")
    return [`${where} must be one of ${issue.values.map(String).join(", ")}`];
  return [`${where || "the file"} ${inWords(issue)}`];
}

function inWords(issue: Issue): string {
  if (issue.code === "too_small" && issue.origin !== "string") return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big" && issue.origin !== "string") return `must be at most ${issue.maximum}`;
  if (issue.code === "too_small") return "must not be empty: leave it out for the default";
  if (issue.code === "too_big") return `must have at most ${issue.maximum} characters`;
  const kind = issue.code === "invalid_type" ? KINDS[issue.expected] : undefined;
  return kind ?? `is not right: ${issue.message}`;
}

/** The settings that exist beside a wrong one, to suggest the nearest. */
function siblingsOf(where: string): string[] {
  if (where.startsWith("channels.")) return ["answer", "model", "instructions", "notify_after_seconds"];
  if (where.startsWith("admin.grants.")) return ["who", "where", "reads", "private", "rights"];
  const shape = where === "" ? fileSchema.shape : undefined;
  if (shape) return Object.keys(shape);
  return (
    {
      admin: ["grants", "redact", "retain"],
      answer: ["dm", "channels"],
      replies: ["code_as_file_after_pages"],
      catch_up: ["enabled", "answer_within_minutes"],
      slack: ["dm"],
      discord: ["reply"],
    }[where] ?? []
  );
}

function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates, 1)[0];
  return near === undefined ? "" : `: did you mean ${near}?`;
}
