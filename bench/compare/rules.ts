/** At most `count` calls in any `windowMs`, shared by `share` of the replies that are live. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
  readonly share: number;
}

/** Rates that all count one call. One and the same rate stands wherever it counts. */
export type Way = readonly Rate[];

/** What a platform's documentation allows, by what the calls are for: one way to make them, or several to choose from. */
export interface Rules {
  /** The call that shows a reply's first text. */
  readonly begin: readonly Way[];
  /** Calls that show more of it. */
  readonly grow: readonly Way[];
  /** The call that completes it. */
  readonly end: readonly Way[];
  /** A way to show more that is open only to replies that began in a certain way. */
  readonly bound?: { readonly grow: Way; readonly begin: Way };
}

/**
 * Slack by posts and edits. docs.slack.dev, Rate limits: chat.update is tier 3, 50 a minute in a workspace; chat.postMessage one a second in a
 * channel with bursts (five seconds' worth, as the twin has it) and several hundred (300 there) a minute in a workspace.
 */
export function slackEdits(live: number, channels: number): Rules {
  const inChannel = { count: 5, windowMs: 5_000, share: Math.ceil(live / channels) };
  const inWorkspace = { count: 300, windowMs: 60_000, share: live };
  const update = { count: 50, windowMs: 60_000, share: live };
  return { begin: [[inChannel, inWorkspace]], grow: [[update]], end: [[update]] };
}

/** Slack by streams. docs.slack.dev: chat.startStream and chat.stopStream are tier 2, 20 a minute; chat.appendStream is tier 4, 100 a minute. */
export function slackStreams(live: number): Rules {
  const aMinute = (count: number) => [{ count, windowMs: 60_000, share: live }];
  return { begin: [aMinute(20)], grow: [aMinute(100)], end: [aMinute(20)] };
}

/** Slack by both: whatever a reply began as, it may go on by edits once its stream was stopped; only a stream can be appended to. */
export function slackBoth(live: number, channels: number): Rules {
  const [edits, streams] = [slackEdits(live, channels), slackStreams(live)];
  return {
    begin: [...edits.begin, ...streams.begin],
    grow: [...edits.grow, ...streams.grow],
    end: [...streams.end, ...edits.end],
    bound: { grow: streams.grow[0]!, begin: streams.begin[0]! },
  };
}

/**
 * Discord. Undocumented, but observed for years: five posts and edits in five seconds in each channel, a thread being one
 * (discord-api-docs#2761); docs.discord.com, Rate Limits: 50 requests a second in all.
 */
export function discordWrites(live: number): Rules {
  const inChannel = { count: 5, windowMs: 5_000, share: 1 };
  const global = { count: 50, windowMs: 1_000, share: live };
  const ways = [[inChannel, global]];
  return { begin: ways, grow: ways, end: ways };
}
