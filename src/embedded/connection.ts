/** Where a role finds a database: what `pg` takes. There is no password, the socket's directory is closed. */
export interface SocketConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The connection of a role to a database of the server whose socket is in `socketDirectory`. */
export function socketConnection(socketDirectory: string, user: string, database: string): SocketConnection {
  // The port is part of the socket's name; said here, or PGPORT of the environment would be taken.
  return { host: socketDirectory, port: 5432, user, database };
}

/** The connection as a URL for `pg` and for psql; the named host only makes it a URL, the socket's directory is what counts. */
export function connectionUrl({ host, port, user, database }: SocketConnection): string {
  const [role, name, directory] = [user, database, host].map(encodeURIComponent);
  return `postgresql://${role}@localhost/${name}?host=${directory}&port=${port}`;
}
