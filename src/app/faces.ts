import type { Hono } from "hono";
import type { Config } from "../config.ts";
import type { FacesDeps } from "./faces-made.ts";
import type { Undo } from "./undo.ts";

/**
 * What admins reach by HTTP: the console at `/admin`, and the API at `/api/v1`. Loaded when it is first asked for: a start does not wait for it,
 * and a bot without admins never has it in memory. Undefined from the stop on, which ends what is under way.
 */
export function openFaces(
  config: Config,
  { undo, ...deps }: Omit<FacesDeps, "startedAt"> & { readonly undo: Undo },
): () => Promise<Hono> | undefined {
  const closing = new AbortController();
  const given = { ...deps, startedAt: deps.clock.now(), signal: closing.signal };
  let made: Promise<Hono> | undefined;
  const make = async () => (await import("./faces-made.ts")).facesOf(config, given);
  undo.push(() => closing.abort(new Error("the bot is stopping")));
  return () => (closing.signal.aborted ? undefined : (made ??= make()));
}

/** What the operator should know of how the console and the API are reached. */
export function faceWarnings({ env }: Config): readonly string[] {
  const isHttps = env.PUBLIC_URL?.startsWith("https:") === true;
  const isOpen = env.ADMIN_TOKEN !== undefined || env.PUBLIC_URL !== undefined;
  const warnings: string[] = [];
  if (isOpen && !isHttps && !isLoopback(env.HOST))
    warnings.push(
      "Other machines reach the console and the API, and not by https: tokens can be read on the way. Set HOST to 127.0.0.1, or put a proxy with TLS before it and its address into PUBLIC_URL.",
    );
  // Another address of the API is not Slack's, which alone is so strict.
  if (env.SLACK_CLIENT_ID !== undefined && env.SLACK_API_URL === undefined && !isHttps)
    warnings.push(
      "Nobody can sign in with Slack, which sends people to https addresses alone: set PUBLIC_URL to one.",
    );
  return warnings;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
