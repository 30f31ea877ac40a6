// The package ships its schemas without types; named here are those the emulator uses.
declare module 'discord-api-spec/zod' {
  import type {
    APIModalInteractionResponseCallbackData,
    RESTPatchAPIChannelMessageJSONBody,
    RESTPostAPIApplicationCommandsJSONBody,
    RESTPostAPIChannelMessageJSONBody,
    RESTPostAPIChannelMessagesThreadsJSONBody,
    RESTPostAPIChannelThreadsJSONBody,
    RESTPostAPIWebhookWithTokenJSONBody,
  } from 'discord-api-types/v10';

  type Issue = {
    readonly code: string;
    readonly path: readonly PropertyKey[];
    readonly message: string;
    readonly input?: unknown;
    readonly expected?: string;
    readonly format?: string;
    readonly origin?: string;
    readonly minimum?: number | bigint;
    readonly maximum?: number | bigint;
    readonly values?: readonly unknown[];
    readonly errors?: readonly (readonly Issue[])[];
  };
  type Schema<Output = unknown> = {
    safeParse(
      input: unknown,
    ):
      | { readonly success: true; readonly data: Output }
      | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
  };

  export const ApplicationCommandCreateRequestSchema: Schema<RESTPostAPIApplicationCommandsJSONBody>;
  export const ApplicationCommandPatchRequestPartialSchema: Schema<
    Partial<RESTPostAPIApplicationCommandsJSONBody>
  >;
  export const ApplicationCommandResponseSchema: Schema;
  export const CreateTextThreadWithMessageRequestSchema: Schema<RESTPostAPIChannelMessagesThreadsJSONBody>;
  export const CreateTextThreadWithoutMessageRequestSchema: Schema<RESTPostAPIChannelThreadsJSONBody>;
  export const CreatedThreadResponseSchema: Schema;
  export const ErrorSchema: Schema;
  export const GatewayBotResponseSchema: Schema;
  export const GatewayResponseSchema: Schema;
  export const GuildChannelResponseSchema: Schema;
  export const GuildMemberResponseSchema: Schema;
  export const GuildRoleResponseSchema: Schema;
  export const GuildWithCountsResponseSchema: Schema;
  export const IncomingWebhookInteractionRequestSchema: Schema<RESTPostAPIWebhookWithTokenJSONBody>;
  export const IncomingWebhookUpdateRequestPartialSchema: Schema<RESTPatchAPIChannelMessageJSONBody>;
  export const InteractionCallbackResponseSchema: Schema;
  export const MessageCreateRequestSchema: Schema<RESTPostAPIChannelMessageJSONBody>;
  export const MessageEditRequestPartialSchema: Schema<RESTPatchAPIChannelMessageJSONBody>;
  export const MessageResponseSchema: Schema;
  export const ModalInteractionCallbackRequestDataSchema: Schema<APIModalInteractionResponseCallbackData>;
  export const PrivateApplicationResponseSchema: Schema;
  export const PrivateChannelResponseSchema: Schema;
  export const RatelimitedResponseSchema: Schema;
  export const ThreadResponseSchema: Schema;
  export const ThreadsResponseSchema: Schema;
  export const UserPIIResponseSchema: Schema;
  export const UserResponseSchema: Schema;
}
