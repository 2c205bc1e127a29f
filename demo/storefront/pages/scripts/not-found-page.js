import { showCountNow } from "./frame.js";

await showCountNow();
