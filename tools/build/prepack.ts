// `npm pack` and `npm publish`: builds the plugin first when needed, because the package consists of what the build makes.
import { ensureBuilt } from "./ensure-built";

void ensureBuilt();
