// An authorization server that the hub's authors did not write: npm oidc-provider, strict by itself. Its person always allows.
// Answers each line on its input with a line: "start {json}", "expire", "state".
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';

// It warns on the standard output, where the answers go.
console.log = console.info = console.warn = console.error;
const { default: Provider } = await import('oidc-provider');

const state = { refreshes: 0, codes: 0, revoked: 0, errors: [] };
const accessTokens = new Set();

async function start({ clientId, clientSecret, redirectUri }) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    scopes: ['openid', 'offline_access', 'contacts'],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, RefreshToken: 86400, Grant: 86400, Interaction: 600, Session: 86400, IdToken: 3600 },
  });
  provider.on('access_token.saved', (token) => accessTokens.add(token));
  provider.on('grant.success', (ctx) => { state[ctx.oidc.params.grant_type === 'refresh_token' ? 'refreshes' : 'codes'] += 1; });
  provider.on('grant.error', (_, error) => state.errors.push(`${error.message}: ${error.error_detail ?? error.error_description ?? ''}`));
  provider.on('grant.revoked', () => { state.revoked += 1; });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      answer(request, response);
      return;
    }

    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
      return;
    }

    const grant = (grantId && await provider.Grant.find(grantId)) || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  });
  return { issuer };
}

async function expire() {
  await Promise.all([...accessTokens].map((token) => token.destroy()));
  accessTokens.clear();
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, argument] = [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)];
  const answer = verb === 'start' ? await start(JSON.parse(argument)) : verb === 'expire' ? await expire() : state;
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

process.exit(0);
