import { readRows, type Query } from "./queries";

/** Finds how members of staff are called, by Medusa's ids of them: the name, or else the e-mail. Unknown ids are left out. */
export type ActorNames = (ids: readonly (string | null | undefined)[]) => Promise<Map<string, string>>;

interface UserRow {
  id: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
}

/** An API key that acted in place of a member of staff. */
interface KeyRow {
  id: string;
  title: string | null;
}

/** Reads the names of members of staff in Medusa, also of those whose accounts were deleted. */
export function actorNamesIn(query: Query): ActorNames {
  return async (ids) => {
    const wanted = [...new Set(ids.flatMap((id) => id ?? []))];
    const isKey = (id: string): boolean => id.startsWith("apk_");
    const users = await read<UserRow>(
      query,
      "user",
      ["first_name", "last_name", "email"],
      wanted.filter((id) => !isKey(id)),
    );
    const keys = await read<KeyRow>(query, "api_key", ["title"], wanted.filter(isKey));
    return new Map<string, string>([
      ...users.flatMap(({ id, ...user }) => entry(id, nameOf(user))),
      ...keys.flatMap(({ id, title }) => entry(id, title)),
    ]);
  };
}

async function read<Row>(query: Query, entity: string, fields: string[], ids: string[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return readRows<Row>(query, { entity, fields: ["id", ...fields], filters: { id: ids }, withDeleted: true });
}

function nameOf({ first_name, last_name, email }: Omit<UserRow, "id">): string | null {
  const name = [first_name, last_name]
    .flatMap((part) => part?.trim() || [])
    .join(" ")
    .trim();
  return name || email;
}

function entry(id: string, name: string | null): [string, string][] {
  return name ? [[id, name]] : [];
}
