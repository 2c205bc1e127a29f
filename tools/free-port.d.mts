/** Whether a server could listen on the port of the host (default 127.0.0.1) now. */
export function isPortFree(port: number, host?: string): Promise<boolean>;

/** The wanted port when it is free, else one that the system picks. Bind soon: somebody else may take it. */
export function freePort(wanted?: number, host?: string): Promise<number>;
