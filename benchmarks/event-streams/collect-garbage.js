// Loaded into a server before it starts: SIGUSR2 has it give back the memory that it does not need.
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
process.on("SIGUSR2", () => {
  for (let time = 0; time < 3; time++) collect();
});
