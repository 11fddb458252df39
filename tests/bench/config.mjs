// A gateway's configuration for the benches, and tokens that it takes.
import { createHmac, randomBytes } from 'node:crypto';

const TENANT = 'bench';
const ISSUER = 'https://bench.example';
/** The origin that the benches' clients show. */
export const ORIGIN = 'http://localhost';

/** A gateway on loopback, with these agents. */
export function benchCentre(agents) {
  const secret = randomBytes(48).toString('base64url');
  return {
    /** The configuration file's text. */
    config: dataFolder => toml(dataFolder, secret, agents),
    /** A token, signed as the tenant's token service would (RFC 7519, HS256). */
    token: (sub, role, name = sub) => sign(secret, { sub, role, name }),
  };
}

function toml(dataFolder, secret, agents) {
  const users = agents.map(user => `[[tenants.centre.users]]\nuser_id = "${user}"\nname = "${user}"\n`);
  return `
listen = ["127.0.0.1:0"]
data_dir = ${JSON.stringify(dataFolder)}
[media]
bind = ["127.0.0.1:0"]
[[tenants]]
[tenants.centre]
tenant_id = "${TENANT}"
name = "Bench"
[[tenants.centre.queues]]
queue_id = "support"
name = "Support"
${users.join('')}
[tenants.auth]
issuer = "${ISSUER}"
audience = "jackfield"
origins = ["${ORIGIN}"]
[[tenants.auth.keys]]
secret = "${secret}"
`;
}

function sign(secret, claims) {
  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: ISSUER, aud: 'jackfield', exp, tenant: TENANT, ...claims })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
