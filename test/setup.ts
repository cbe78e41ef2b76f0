import fc from "fast-check";

/**
 * Property tests take the same paths in every run, so that what fails once fails again, and a guard that counts hard cases is no
 * lottery. `FC_SEED=12345 npm test` takes other paths.
 */
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_261_123) });

// Commands make files for their own user alone, and a test that ran one in this process would leave that to the next, whose PostgreSQL
// runs as another user.
process.umask(0o022);
