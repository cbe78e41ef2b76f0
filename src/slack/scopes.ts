/** What the bot does at all: what it needs of Slack depends on it. */
export interface Answers {
  readonly dms: boolean;
  readonly channels: boolean;
  /** Its direct messages are threads of an agent's. */
  readonly agent: boolean;
  /** It posts long code as files. */
  readonly files: boolean;
}

export interface ScopeNeed {
  readonly scope: string;
  /** What the scope is for. */
  readonly why: string;
  /** What is lost without it: a sentence for the operator. */
  readonly without: string;
}

const ALWAYS: readonly ScopeNeed[] = [
  {
    scope: "chat:write",
    why: "posts and edits its replies, and shows that it is at work",
    without: "the bot cannot answer at all",
  },
  {
    scope: "users:read",
    why: "tells the model who is speaking, by name",
    without: "the model knows people by their ids alone",
  },
  {
    scope: "commands",
    why: "takes the command /patchcord, and answers it privately",
    without: "there is no command /patchcord",
  },
];

/** Those of the app's that Slack offers to people: one, since an app has a few and a workspace is crowded. */
export const COMMAND = {
  command: "/patchcord",
  description: "Asks the bot about itself: what it keeps, and for admins, what was said where",
  usage_hint: "help",
} as const;

const IN_CHANNELS: readonly ScopeNeed[] = [
  {
    scope: "app_mentions:read",
    why: "hears its mention, also one that an edit adds",
    without: "a mention that is added by editing a message is not heard",
  },
  ...(
    [
      ["channels", "public channels"],
      ["groups", "private channels"],
      ["mpim", "group direct messages"],
    ] as const
  ).flatMap(([family, place]) => [
    {
      scope: `${family}:history`,
      why: `hears what is said in the threads it takes part in, in ${place}, and reads what was said before`,
      without: `follow-ups without a mention are not heard in ${place}, and earlier messages stay unread`,
    },
    {
      scope: `${family}:read`,
      why: `knows the names of ${place}, and in which ones to look for what was said while it was away`,
      without: `${place} have no names in the records, and what is said in them while the bot is away can stay unread`,
    },
  ]),
];

const IN_DMS: readonly ScopeNeed[] = [
  {
    scope: "im:history",
    why: "hears direct messages, and reads what was said before",
    without: "direct messages are not heard",
  },
  {
    scope: "im:read",
    why: "knows in which direct messages to look for what was said while it was away",
    without: "what is said in direct messages while the bot is away can stay unread",
  },
];

const AGENT: ScopeNeed = {
  scope: "assistant:write",
  why: "is shown as an agent: direct messages as threads with titles, suggestions, and answers that stream and can be stopped",
  without: "direct messages have no titles and no suggestions, and answers grow by edits",
};

/** Slack gives this scope to an app that is declared an agent (docs.slack.dev, Agent sessions). */
export const isAgent = (granted: readonly string[]) => granted.includes(AGENT.scope);

export const FILES: ScopeNeed = {
  scope: "files:write",
  why: "posts long code as a file",
  without: "long code is posted over many messages",
};

/**
 * Every bot token scope that these answers need, and no other. `metadata.message:read` is not among them: it is for the events about
 * metadata, and what `include_all_metadata` gives back needs no scope (docs.slack.dev, conversations.replies; slackapi/python-slack-sdk#1501).
 */
export function scopesFor(answers: Answers): readonly ScopeNeed[] {
  return [
    ...ALWAYS,
    ...(answers.channels ? IN_CHANNELS : []),
    ...(answers.dms ? IN_DMS : []),
    ...(answers.agent ? [AGENT] : []),
    ...(answers.files ? [FILES] : []),
  ];
}

/** The events that these answers need, as a manifest names them (docs.slack.dev, App manifest reference). */
export function eventsFor(answers: Answers): readonly string[] {
  const inChannels = ["app_mention", "message.channels", "message.groups", "message.mpim"];
  return [
    ...(answers.channels ? inChannels : []),
    ...(answers.dms ? ["message.im"] : []),
    ...(answers.agent ? ["app_home_opened", "agent_session_stopped"] : []),
  ];
}

/** One sentence for each scope that the token lacks. */
export function missingAbilities(granted: Iterable<string>, answers: Answers): string[] {
  const has = new Set(granted);
  return scopesFor(answers)
    .filter(({ scope }) => !has.has(scope))
    .map(
      ({ scope, without }) =>
        `Slack: the app lacks the scope ${scope}, so ${without}; add it under OAuth & Permissions and reinstall the app.`,
    );
}
