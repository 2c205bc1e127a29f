// The admin's API as a member of staff.
import { apiAt, send, type Api } from "../testkit/http";
import { STAFF } from "../testkit/store";

/** Signs in at a server. @returns requests to its admin API */
export async function adminOf(url: string): Promise<Api> {
  const { token } = await send<{ token: string }>("POST", `${url}/auth/user/emailpass`, { body: STAFF });
  return apiAt(`${url}/admin`, { authorization: `Bearer ${token}` });
}
