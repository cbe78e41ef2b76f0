/**
 * PORT: what is measured of showing replies, by platform. Called while replies are live: cheap, and never throws. Times in milliseconds.
 */
export interface Metrics {
  /** A post or an edit was made. */
  painted(platform: string): void;
  /** So many states of a reply were overtaken by newer text before they were shown. */
  skipped(platform: string, drafts: number): void;
  /** The platform said 429. */
  rateLimited(platform: string): void;
  /** All that the model had written was shown; the oldest text that was not on screen before had come so long ago. */
  lagged(platform: string, ms: number): void;
  /** A whole answer stands on screen, so long after the model's end. */
  completed(platform: string, ms: number): void;
}
