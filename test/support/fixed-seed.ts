// In CI: each property draws the same examples in every run, so that what fails there fails again. Elsewhere they are new each time.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FC_SEED"]) });
