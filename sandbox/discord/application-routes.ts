import { PrivateApplicationResponseSchema } from 'discord-api-spec/zod';

import type { RestRoute } from './rest.ts';
import type { World } from './world.ts';

/** What a bot asks about itself as an application; nothing is ever sold here. */
export function applicationRoutes(world: World): RestRoute[] {
  const application = () => ({ status: 200, body: applicationObject(world) });
  return [
    {
      method: 'GET',
      path: '/applications/@me',
      answers: PrivateApplicationResponseSchema,
      handle: application,
    },
    {
      method: 'GET',
      path: '/oauth2/applications/@me',
      answers: PrivateApplicationResponseSchema,
      handle: application,
    },
    {
      method: 'GET',
      path: '/applications/:app/entitlements',
      handle: () => ({ status: 200, body: [] }),
    },
    { method: 'GET', path: '/applications/:app/skus', handle: () => ({ status: 200, body: [] }) },
    {
      method: 'GET',
      path: '/applications/:app/emojis',
      handle: () => ({ status: 200, body: { items: [] } }),
    },
  ];
}

function applicationObject(world: World): object {
  return {
    id: world.applicationId,
    name: world.botUser.username,
    icon: null,
    description: '',
    type: null,
    flags: 0,
    flags_new: '0',
    bot: world.botUser,
    bot_public: true,
    bot_require_code_grant: false,
    integration_types_config: {
      '0': {
        oauth2_install_params: { scopes: ['applications.commands', 'bot'], permissions: '0' },
      },
      '1': { oauth2_install_params: { scopes: ['applications.commands'], permissions: '0' } },
    },
    verify_key: '0'.repeat(64),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: [...world.people.values()][0]?.user ?? world.botUser,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: world.people.size,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  };
}
