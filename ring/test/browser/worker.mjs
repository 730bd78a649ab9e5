import { consume, echo, produce } from "./ends.mjs";

const jobs = { consume, echo, produce };

addEventListener("message", async ({ data: { job, ...options } }) => {
  try {
    postMessage({ result: await jobs[job](options) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
