// The package ships its schemas without types; named here are those the emulator uses.
declare module 'discord-api-spec/zod' {
  import type {
    APIModalInteractionResponseCallbackData,
    APIAllowedMentions,
    APIEmbed,
    APIMessageTopLevelComponent,
    APIApplicationCommandOption,
    ApplicationCommandType,
    ApplicationIntegrationType,
    InteractionContextType,
    LocalizationMap,
    RESTPostAPIChannelMessagesThreadsJSONBody,
    RESTPostAPIChannelThreadsJSONBody,
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

  /** What requests that write a message have in common. */
  type MessageBody = {
    readonly content?: string | null;
    readonly embeds?: readonly APIEmbed[] | null;
    readonly components?: readonly APIMessageTopLevelComponent[] | null;
    readonly flags?: number | null;
    readonly attachments?:
      | readonly { readonly id: string; readonly description?: string | null }[]
      | null;
    readonly allowed_mentions?: APIAllowedMentions | null;
    readonly poll?: object | null;
    readonly sticker_ids?: readonly string[] | null;
    readonly message_reference?: {
      readonly message_id: string;
      readonly channel_id?: string | null;
      readonly fail_if_not_exists?: boolean | null;
    } | null;
    readonly nonce?: string | number | null;
    readonly enforce_nonce?: boolean | null;
    readonly tts?: boolean | null;
  };

  type CommandBody = {
    readonly name: string;
    readonly type?: ApplicationCommandType;
    readonly description?: string;
    readonly name_localizations?: LocalizationMap | null;
    readonly description_localizations?: LocalizationMap | null;
    readonly options?: APIApplicationCommandOption[];
    readonly default_member_permissions?: string | null;
    readonly dm_permission?: boolean;
    readonly contexts?: InteractionContextType[] | null;
    readonly integration_types?: ApplicationIntegrationType[];
    readonly nsfw?: boolean;
  };

  export const ApplicationCommandCreateRequestSchema: Schema<CommandBody>;
  export const ApplicationCommandPatchRequestPartialSchema: Schema<Partial<CommandBody>>;
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
  export const IncomingWebhookInteractionRequestSchema: Schema<MessageBody>;
  export const IncomingWebhookUpdateRequestPartialSchema: Schema<MessageBody>;
  export const InteractionCallbackResponseSchema: Schema;
  export const MessageCreateRequestSchema: Schema<MessageBody>;
  export const MessageEditRequestPartialSchema: Schema<MessageBody>;
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
