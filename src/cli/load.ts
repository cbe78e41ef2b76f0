import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Config, type ConfigFile, parseBehaviour, parseConfig } from "../config.ts";
import { presentOnly } from "../config/environment.ts";
import type { FileConfig } from "../config/file.ts";
import { asError, ConfigError } from "../errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** The process's environment over what `.env` in the working folder says. The only place that reads either. Throws `ConfigError`. */
export function readEnvironment(): Variables {
  const file = existsSync(".env") ? read(".env") : { text: "" };
  if ("problem" in file) throw new ConfigError([file.problem]);
  return presentOnly({ ...parseEnv(file.text), ...presentOnly(process.env) });
}

/** Throws `ConfigError` with every problem at once. */
export function loadConfig(environment: Variables): Config {
  return parseConfig(environment, readConfigFile(environment));
}

/** What `patchcord.yaml` says, for commands that need no secrets. Throws `ConfigError`. */
export function loadBehaviour(environment: Variables): FileConfig {
  return parseBehaviour(readConfigFile(environment));
}

/** The file is optional, unless `PATCHCORD_CONFIG` names one. */
function readConfigFile({ PATCHCORD_CONFIG: named }: Variables): ConfigFile | undefined {
  const path = named ?? "patchcord.yaml";
  if (existsSync(path)) return { path, ...read(path) };
  if (named === undefined) return undefined;
  const problem = `PATCHCORD_CONFIG names ${named}, which does not exist: correct the path, or leave the variable out`;
  return { path, problem };
}

function read(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    return {
      problem: `${path} cannot be read: make it a file that this process may read, or take it away (${asError(error).message})`,
    };
  }
}
