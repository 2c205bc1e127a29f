// Runs inside a store with RBAC on: makes members of staff, each with a role that has certain policies. STAFF is a list of
// `{ email, password, policies: ["payment:read"] }`.
exports.default = async function makeStaff({ container }) {
  const [auth, link, rbac, users] = ["auth", "link", "rbac", "user"].map((name) => container.resolve(name));
  const policyOf = async (key) => {
    const [resource, operation] = key.split(":");
    const [known] = await rbac.listRbacPolicies({ resource, operation });
    return known ?? rbac.createRbacPolicies({ key, resource, operation, name: key });
  };
  for (const { email, password, policies } of JSON.parse(process.env.STAFF)) {
    const role = await rbac.createRbacRoles({ name: email });
    for (const key of policies) {
      await rbac.createRbacRolePolicies({ role_id: role.id, policy_id: (await policyOf(key)).id });
    }
    const user = await users.createUsers({ email });
    const { authIdentity, error } = await auth.register("emailpass", { body: { email, password } });
    if (error) throw new Error(error);
    await auth.updateAuthIdentities({ id: authIdentity.id, app_metadata: { user_id: user.id } });
    await link.create({ user: { user_id: user.id }, rbac: { rbac_role_id: role.id } });
  }
};
