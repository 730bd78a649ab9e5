/**
 * A thread beside an end in a process of its own: an end that spins hears neither that its host is gone nor that the other
 * end is, and would spin for ever.
 */
const host = process.ppid;
setInterval(() => {
  if (process.ppid !== host) process.kill(process.pid, "SIGKILL");
}, 1000);
