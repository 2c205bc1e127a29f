// Preloaded (`node --require`) into the processes of a store: ends them when the process that started them is gone, even
// when that one was killed and could not stop anything. Its end of their standard input closes then.
// Plain JavaScript: a store's Node loads it, with nothing of this repository installed.
const endWithinMilliseconds = 3_000;

process.stdin.on("close", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGKILL"), endWithinMilliseconds);
});
process.stdin.on("error", () => {});
process.stdin.resume();
process.stdin.unref?.();
