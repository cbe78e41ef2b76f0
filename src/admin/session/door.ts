import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { SignedIn, SignIn } from "../../chat/sign-in.ts";
import type { Clock } from "../../clock.ts";
import { asError, PatchcordError, PlatformRefusal } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Sessions } from "../../store/sessions.ts";
import { type Access, personId } from "../access/people.ts";
import { isSameSecret } from "../access/secret.ts";
import type { Recorder } from "../audit.ts";
import type { Viewing } from "../console/deps.ts";
import { formOf } from "../console/forms.ts";
import { headers } from "../console/headers.ts";
import { layout } from "../console/layout.ts";
import { ROOT } from "../console/paths.ts";
import { refusalOf, refusalPage } from "../console/refusal.ts";
import { homeward } from "../console/respond.ts";
import { addressOf } from "./address.ts";
import { createJourneys, type Journey, type Journeys } from "./attempt.ts";
import { backAddress } from "./back.ts";
import { createCookie } from "./cookies.ts";
import { sameOrigin } from "./guard.ts";
import { createKeeper, type Keeper, operatorBy, type Person } from "./keeper.ts";
import { createLimit, type Limit } from "./limit.ts";
import { signInPage } from "./page.ts";
import type { IsProxy } from "./proxies.ts";

/** The way into the console and out of it. */
export interface Door {
  /** The pages of signing in and out, to be mounted before the console's, and what guards those. */
  readonly app: Hono;
  /** Who is signed in. */
  viewing(context: Context): Promise<Viewing | undefined>;
}

export interface DoorDeps {
  readonly sessions: Sessions;
  readonly access: Access;
  readonly signIns: readonly SignIn[];
  readonly recorder: Recorder;
  readonly adminToken: string | undefined;
  /** Where the console is reached from outside, without a path. Absent: at the address where it listens, `here`. */
  readonly publicUrl: string | undefined;
  readonly here: () => string;
  readonly isProxy: IsProxy;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tries to sign in: of one address ten at once and two a minute, and of all together so many that no door is shut by one who tries. */
const TRIES = { each: 10, all: 300, perMs: 5 * 60_000 };
const MOST_BYTES = 8 * 1024;

interface Room extends DoorDeps {
  readonly keeper: Keeper;
  readonly journeys: Journeys;
  readonly limit: Limit;
}

export function createDoor(deps: DoorDeps): Door {
  const { sessions, publicUrl, clock } = deps;
  let kept: Promise<string> | undefined;
  const cookies = {
    secure: () => siteOf(deps).startsWith("https:"),
    key: () => {
      kept ??= sessions.cookieKey().catch((error: unknown) => {
        kept = undefined;
        throw error;
      });
      return kept;
    },
  };
  const keeper = createKeeper({ ...deps, cookie: createCookie("patchcord_session", cookies) });
  const journeys = createJourneys(createCookie("patchcord_attempt", cookies), clock);
  const room: Room = { ...deps, keeper, journeys, limit: createLimit({ clock, ...TRIES }) };
  const app = new Hono().basePath(ROOT);
  app.use(
    headers,
    sameOrigin(() => publicUrl),
  );
  app.onError((error, context) => {
    const refusal = refusalOf(error);
    if (refusal.status === 500) deps.log.error({ err: error, path: context.req.path }, "a sign-in failed");
    return context.html(layout(FRAME, refusalPage(refusal)), refusal.status);
  });
  app.use("/sign-in/*", limited, uncached);
  app.use("/sign-out", limited, uncached);
  app.get("/sign-in", async (context) => {
    const to = homeward(context.req.query("to"));
    return (await keeper.viewing(context)) ? context.redirect(to, 303) : shown(room, context, to);
  });
  app.post("/sign-in", (context) => byToken(room, context));
  app.get("/sign-in/:platform", (context) => begin(room, context));
  app.get("/sign-in/:platform/back", (context) => back(room, context));
  app.post("/sign-out", (context) => signOut(room, context));
  return { app, viewing: (context) => keeper.viewing(context) };
}

const siteOf = ({ publicUrl, here }: Pick<DoorDeps, "publicUrl" | "here">) => publicUrl ?? here();
const backTo = (deps: DoorDeps, platform: string) => backAddress(siteOf(deps), platform);

const limited = bodyLimit({
  maxSize: MOST_BYTES,
  onError: (context) => context.text("This is more than this form holds.", 413),
});

const uncached: MiddlewareHandler = (context, next) => {
  context.header("cache-control", "no-store");
  return next();
};

/** Nobody is signed in yet. */
const FRAME = { csrf: "", theme: "system", path: ROOT } as const;

interface Said {
  readonly status: 401 | 403 | 404 | 429 | 503;
  readonly text: string;
}

/** The page to sign in at, with what became of the last try. */
function shown({ signIns, adminToken }: Room, context: Context, to: string, said?: Said) {
  const page = signInPage({ signIns, byToken: adminToken !== undefined }, to, said?.text);
  return context.html(layout(FRAME, page), said?.status ?? 200);
}

/** Undefined: there were not too many tries. */
function tooMany(room: Room, context: Context, to: string) {
  const ms = room.limit.take(addressOf(context, room.isProxy));
  if (ms === undefined) return undefined;
  const seconds = Math.ceil(ms / 1_000);
  context.header("retry-after", String(seconds));
  const text = `That were too many tries: wait ${seconds} seconds, and try again.`;
  return shown(room, context, to, { status: 429, text });
}

async function byToken(room: Room, context: Context) {
  const form = await context.req.parseBody();
  const [token, to] = [form["token"], homeward(typeof form["to"] === "string" ? form["to"] : undefined)];
  const refused = tooMany(room, context, to);
  if (refused) return refused;
  const { adminToken } = room;
  if (adminToken === undefined || typeof token !== "string" || !isSameSecret(token.trim(), adminToken)) {
    room.log.warn(
      { address: addressOf(context, room.isProxy) },
      "somebody tried to sign in with a wrong token",
    );
    return shown(room, context, to, { status: 401, text: "This is not the operator's token." });
  }
  return enter(room, context, operatorBy(adminToken), to);
}

async function begin(room: Room, context: Context) {
  const to = homeward(context.req.query("to"));
  const signIn = room.signIns.find(({ name }) => name === context.req.param("platform"));
  if (!signIn) return shown(room, context, to, NO_SUCH);
  const refused = tooMany(room, context, to);
  if (refused) return refused;
  const journey = await room.journeys.begin(context, signIn.name, to);
  try {
    const url = await signIn.begin({ ...journey, redirectUri: backTo(room, signIn.name) });
    return context.redirect(url.href, 303);
  } catch (error) {
    return shown(room, context, to, troubleOf(room, error));
  }
}

const NO_SUCH: Said = { status: 404, text: "Nobody signs in that way here." };
const ANEW: Said = { status: 403, text: "This was not begun here, or too long ago: begin anew." };

async function back(room: Room, context: Context) {
  const { signIns, journeys } = room;
  const journey = await journeys.end(context);
  const to = journey?.to ?? ROOT;
  const signIn = signIns.find(({ name }) => name === context.req.param("platform"));
  if (!signIn) return shown(room, context, to, NO_SUCH);
  const { state = "", code = "", error } = context.req.query();
  if (journey?.platform !== signIn.name || !isSameSecret(state, journey.state))
    return shown(room, context, to, ANEW);
  if (error !== undefined || code === "")
    return shown(room, context, to, {
      status: 403,
      text: "You are not signed in: the platform says no, or you changed your mind.",
    });
  const refused = tooMany(room, context, to);
  return refused ?? finish(room, context, { signIn, journey, code });
}

interface Arrival {
  readonly signIn: SignIn;
  readonly journey: Journey;
  readonly code: string;
}

async function finish(room: Room, context: Context, { signIn, journey, code }: Arrival) {
  const { to } = journey;
  let person: SignedIn;
  try {
    person = await signIn.finish({ ...journey, redirectUri: backTo(room, signIn.name) }, code);
  } catch (error) {
    return shown(room, context, to, troubleOf(room, error));
  }
  return enter(room, context, { kind: "person", ...person }, to);
}

/** Signs the browser in, if there is something that this person may see. */
async function enter(room: Room, context: Context, person: Person, to: string) {
  const viewer = room.keeper.viewerOf(person);
  if (!viewer) return shown(room, context, to, { status: 403, text: nothingFor(person) });
  const ended = await room.recorder.begin(viewer, { what: "sign_in", content: "" });
  await room.keeper.open(context, person);
  await ended(1);
  return context.redirect(to, 303);
}

function nothingFor(person: Person): string {
  if (person.kind === "operator") return "This is not the operator's token.";
  const id = personId(person.platform, person.userId, person.workspaces[0]?.id);
  return `You are signed in as ${person.name}, and nothing was granted to you: ask who runs the bot, and tell them ${id}.`;
}

function troubleOf({ log }: Room, error: unknown): Said {
  if (error instanceof PatchcordError && error.code === "sign_in_refused") {
    log.warn({ err: error }, "a sign-in was refused");
    return { status: 403, text: error.message };
  }
  if (!(error instanceof PlatformRefusal)) throw asError(error);
  log.error({ err: error }, "the platform could not be asked who somebody is");
  return { status: 503, text: "The platform could not be reached: try again in a minute." };
}

async function signOut({ keeper }: Room, context: Context) {
  const viewing = await keeper.viewing(context);
  if (viewing) await formOf(context, viewing.csrf);
  await keeper.close(context);
  return context.redirect(`${ROOT}/sign-in`, 303);
}
