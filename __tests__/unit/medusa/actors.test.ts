import { actorNamesIn } from "../../../src/medusa/actors";
import { queryOver } from "../providers/medusa-query";

const ROWS: Record<string, ({ id: string } & Record<string, string | null>)[]> = {
  user: [
    { id: "user_1", first_name: "Eva", last_name: "Ek", email: "eva@example.com" },
    { id: "user_2", first_name: null, last_name: " Ek ", email: "bo@example.com" },
    { id: "user_3", first_name: "", last_name: null, email: "ann@example.com" },
    { id: "user_4", first_name: null, last_name: null, email: null },
  ],
  api_key: [{ id: "apk_1", title: "Warehouse" }],
};

describe("members of staff", () => {
  const asked: string[] = [];
  const names = actorNamesIn(
    queryOver((entity, ids) => {
      asked.push(entity);
      return (ROWS[entity] ?? []).filter(({ id }) => ids.includes(id));
    }),
  );

  it("are called by their names, or else by their e-mails, and API keys by their titles", async () => {
    const ids = ["user_1", "user_2", "user_3", "user_4", "user_gone", "apk_1", null, undefined, "user_1"];
    expect(await names(ids)).toEqual(
      new Map([
        ["user_1", "Eva Ek"],
        ["user_2", "Ek"],
        ["user_3", "ann@example.com"],
        ["apk_1", "Warehouse"],
      ]),
    );
    expect(asked).toEqual(["user", "api_key"]);
  });

  it("are asked for only where there are any", async () => {
    asked.length = 0;
    expect(await names([null, undefined])).toEqual(new Map());
    expect(asked).toEqual([]);
  });
});
