import { z } from "zod";

/** Why nothing was found, as `Near` of `../near.ts`. */
export const near = z
  .strictObject({
    unknown: z
      .array(
        z.strictObject({
          field: z.string(),
          written: z.string(),
          unread: z
            .literal(true)
            .exactOptional()
            .describe("You may read nothing that was said: it was not looked for."),
        }),
      )
      .describe("What in the query finds nothing by itself: `channel:suport`."),
    queries: z
      .array(z.string())
      .describe("The query with what there is in place of that, the likeliest first."),
  })
  .exactOptional()
  .describe("Where nothing was found and a part of the query is why.");
