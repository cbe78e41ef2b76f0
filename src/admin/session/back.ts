import { ROOT } from "../console/paths.ts";

/** Where a platform sends people back to after they signed in. The app has to be registered with it. `site`: an address without a path. */
export function backAddress(site: string, platform: string): string {
  return `${site}${ROOT}/sign-in/${platform}/back`;
}
