import type { Exchange } from "./talk.ts";

export const CODE: readonly (readonly Exchange[])[] = [
  [
    [
      "Our deploy {order} hangs in `migrate`. Postgres says a lock is waited for. Where do I look?",
      "Look who holds it:\n\n```sql\nSELECT pid, state, wait_event_type, left(query, 80)\nFROM pg_stat_activity\nWHERE datname = current_database()\nORDER BY xact_start;\n```\n\nMost often it is a session that is `idle in transaction`. Ending it with `pg_terminate_backend(pid)` lets the migration go on.",
    ],
    [
      "It is a psql of mine from yesterday. Can I end it?",
      "Yes: it has nothing that is not rolled back cleanly. And set `idle_in_transaction_session_timeout`, so that the next one ends by itself.",
    ],
    [
      "How do I keep a migration from waiting for ever?",
      "```sql\nSET lock_timeout = '3s';\nALTER TABLE orders ADD COLUMN note text;\n```\n\nIt fails after three seconds and can be repeated. While it waits, everything behind it waits as well: that is what hurts.",
    ],
    [
      "Good. And the index on 40 million rows?",
      "`CREATE INDEX CONCURRENTLY`, outside of a transaction. If it fails, an invalid index is left behind: drop that and begin again.",
    ],
  ],
  [
    [
      "Why does TypeScript say `Object is possibly undefined` for `rows[0].id`?",
      'Because `noUncheckedIndexedAccess` is on, and it is right: the list may be empty.\n\n```ts\nconst [first] = rows;\nif (!first) throw new Error("no row");\nreturn first.id;\n```',
    ],
    [
      "Can I switch that off for one file?",
      "No, it holds for the whole project. Writing `rows[0]!` silences it in one place, and that place is then yours to prove.",
    ],
    [
      "Fine, I check it.",
      "That is the better half of the bargain: the check costs a line, and the error message is yours.",
    ],
  ],
  [
    [
      "Review this: `for (const id of ids) await fetch(url + id)`. There are 300 ids.",
      "It asks one after the other: 300 times the latency. With a bound it is quick and still polite:\n\n```ts\nconst queue = [...ids];\nconst worker = async () => {\n  for (let id = queue.shift(); id; id = queue.shift()) await load(id);\n};\nawait Promise.all(Array.from({ length: 8 }, worker));\n```",
    ],
    [
      "And if one of them fails?",
      "Then `Promise.all` rejects with the first failure while the other workers go on. Catch within `worker` if one failure should not end the whole.",
    ],
    [
      "What about retries?",
      "Only for what may pass: 429 and 5xx, with a wait that doubles and some chance in it. Obey `Retry-After` where it is given.",
    ],
  ],
  [
    [
      "The collector drops spans with `sending queue is full`. Which knob?",
      "Not the queue's size first. Ask why it is full: usually the exporter is slower than what comes in.\n\n1. `otelcol_exporter_send_failed_spans`: does it fail?\n2. `sending_queue.num_consumers`: raise it if the backend has room.\n3. `batch.send_batch_size`: larger batches, fewer requests.\n\nOnly then `queue_size`, for bursts.",
    ],
    [
      "It fails with 429.",
      "Then the backend refuses you: sample more, or pay more. A larger queue only drops later.",
    ],
    [
      "Tail sampling on errors then?",
      "Yes:\n\n```yaml\nprocessors:\n  tail_sampling:\n    decision_wait: 10s\n    policies:\n      - name: errors\n        type: status_code\n        status_code: { status_codes: [ERROR] }\n      - name: some\n        type: probabilistic\n        probabilistic: { sampling_percentage: 5 }\n```",
    ],
  ],
  [
    [
      "git: I committed to main instead of a branch. How do I move it?",
      "```sh\ngit branch my-work        # keep it\ngit reset --keep HEAD~1   # take it off main\ngit switch my-work\n```\n\nNothing is lost, as long as you have not pushed.",
    ],
    [
      "I have pushed.",
      "Then revert it on main (`git revert HEAD`), and on your branch revert the revert. History stays true, and nobody has to force anything.",
    ],
  ],
  [
    [
      "Node says `EMFILE: too many open files` in the import job {order}.",
      "It opens more at once than the process may. Either a bound on how many run at the same time, or streams that are closed too late. `lsof -p PID | wc -l` says which: a number that grows for ever is a leak.",
    ],
    [
      "It grows.",
      "Then look for `createReadStream` without an end: `stream.pipeline` closes both sides also when one of them fails, `.pipe` does not.",
    ],
  ],
];
