import type { APIMessage } from 'discord-api-types/v10';

import type { Emulator } from '../http.ts';
import type { Fault, GuildOptions, PersonOptions } from './options.ts';

/** A request that Discord would refuse, or an acknowledgement that did not come in time (status 0). */
export type Violation = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly errors?: ErrorTree;
  readonly at: string;
};

export type ErrorTree = { readonly [key: string]: ErrorTree | readonly FieldError[] };
export type FieldError = { readonly code: string; readonly message: string };

/** One REST call of the bot. */
export type RequestLog = {
  readonly method: string;
  /** Path after the version, ids included, decoded. */
  readonly route: string;
  readonly status: number;
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly at: string;
};

export type SessionLog = {
  readonly id: string;
  readonly shard: readonly [number, number];
  readonly intents: number;
  readonly resumes: number;
  readonly connected: boolean;
  /** Dispatches numbered so far. */
  readonly sequence: number;
};

export type TextChannel = {
  readonly id: string;
  readonly name: string;
  readonly guildId: string | null;
};

export type Guild = {
  readonly id: string;
  readonly name: string;
  /** The channel of this name, made when it is not there yet. */
  channel(name: string): TextChannel;
  channels(): readonly TextChannel[];
  roles(): readonly { readonly id: string; readonly name: string }[];
  /** Gives a member exactly these roles, by name, as a manager of the server would. */
  setRoles(personId: string, names: readonly string[]): void;
  /** Removes or adds the bot, as a manager of the server would. */
  setBotMember(isMember: boolean): void;
};

export type OptionValue = string | number | boolean | FileToSend;
export type FileToSend = {
  readonly name: string;
  readonly data: Uint8Array;
  readonly contentType?: string;
};

export type SeenButton = {
  readonly label: string;
  readonly customId: string | null;
  readonly disabled: boolean;
  readonly url?: string;
  readonly style: number;
};
export type SeenSelect = {
  readonly customId: string;
  readonly placeholder: string;
  readonly disabled: boolean;
  readonly kind: 'string' | 'user' | 'role' | 'mentionable' | 'channel';
  readonly minValues: number;
  readonly maxValues: number;
  readonly options: readonly {
    readonly label: string;
    readonly value: string;
    readonly description?: string;
    readonly isDefault: boolean;
  }[];
};
/** A message as a person sees it at one moment. */
export type Seen = {
  readonly id: string;
  readonly channelId: string;
  /** All texts in order: content, embeds, text displays. */
  readonly text: string;
  readonly message: APIMessage;
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly ephemeral: boolean;
  /** Whom an ephemeral message is for. */
  readonly visibleTo: string | null;
  readonly attachments: readonly {
    readonly name: string;
    readonly url: string;
    readonly contentType: string;
    readonly size: number;
  }[];
  readonly author: { readonly id: string; readonly name: string; readonly isBot: boolean };
  readonly edits: number;
  /** "… is thinking". */
  readonly thinking: boolean;
};

export type ModalField = {
  readonly customId: string;
  readonly label: string;
  readonly description: string;
  readonly kind: 'text' | 'select' | 'radio' | 'checkboxes' | 'checkbox' | 'file' | 'entity';
  readonly multiline: boolean;
  readonly required: boolean;
  readonly placeholder: string;
  /** Prefilled. */
  readonly value: string | readonly string[] | boolean;
  /** Characters of a text, or number of chosen values. */
  readonly min: number;
  readonly max: number;
  readonly options: readonly {
    readonly label: string;
    readonly value: string;
    readonly description?: string;
  }[];
};
export type ModalSeen = {
  readonly interactionId: string;
  readonly personId: string;
  readonly channelId: string;
  readonly customId: string;
  readonly title: string;
  /** Text displays between the fields. */
  readonly texts: readonly string[];
  readonly fields: readonly ModalField[];
};

export type TurnState = 'sent' | 'thinking' | 'answered' | 'modal' | 'failed';
/** What comes of one command, press, choice or submitted form. */
export type Turn = {
  readonly interactionId: string;
  readonly state: TurnState;
  /** Resolves with the state after the first answer; rejects when none came in time. */
  acked(): Promise<TurnState>;
  /** The first final answer: the original message once it no longer thinks, an updated message, or a follow-up. */
  reply(): Promise<Seen>;
  modal(): Promise<ModalSeen>;
  /** Resolves with what the person reads when the application did not respond. */
  failed(): Promise<string>;
};

export type FormValues = Readonly<
  Record<string, string | boolean | readonly string[] | readonly FileToSend[]>
>;
export type Wait = { readonly timeoutMs?: number };
export type Suggestion = { readonly name: string; readonly value: string | number };

/** A person at a place: what they can do there and see. Refuses with an Error what a real client would not let them do. */
export type Place = {
  readonly channelId: string;
  readonly guildId: string | null;
  slash(command: string, options?: Readonly<Record<string, OptionValue>>): Promise<Turn>;
  suggest(
    command: string,
    field: string,
    typed: string,
    options?: Readonly<Record<string, OptionValue>>,
  ): Promise<readonly Suggestion[]>;
  /** `button` is a label or custom_id. */
  click(message: Seen, button: string): Promise<Turn>;
  /** `select` is a custom_id or placeholder; `values` are labels or values. */
  select(message: Seen, select: string, values: readonly string[]): Promise<Turn>;
  /** Keys are custom_ids or labels; what is left out keeps its prefilled value. */
  submit(modal: ModalSeen, fields: FormValues): Promise<Turn>;
  /** `@Name` becomes a mention. */
  say(
    text: string,
    options?: { readonly replyTo?: Seen; readonly attachments?: readonly FileToSend[] },
  ): Promise<Seen>;
  thread(name: string, from?: Seen): Place;
  sees(): readonly Seen[];
  /** Already present messages count; rejects with the transcript when nothing matches in time (5000 ms). */
  waitFor(what: RegExp | ((message: Seen) => boolean), options?: Wait): Promise<Seen>;
};

export type Person = Place & {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  in(where: TextChannel | Place | string): Place;
  dm(): Place;
  /** Opens or closes their DMs for the bot. */
  setAcceptsDms(accepts: boolean): void;
  setLocale(locale: string): void;
};

/** A command as its users find it behind the slash. */
export type OfferedCommand = {
  readonly path: string;
  readonly description: string;
  readonly localizedPath: string;
  readonly localizedDescription: string;
  readonly options: readonly OfferedOption[];
};
export type OfferedOption = {
  readonly name: string;
  readonly localizedName: string;
  readonly description: string;
  readonly type: number;
  readonly required: boolean;
  readonly autocomplete: boolean;
  readonly choices: readonly {
    readonly name: string;
    readonly localizedName: string;
    readonly value: string | number;
  }[];
  readonly min?: number;
  readonly max?: number;
};

export type DiscordEvent =
  | {
      readonly type: 'message';
      readonly change: 'created' | 'edited' | 'deleted';
      readonly message: Seen;
    }
  | { readonly type: 'typing'; readonly channelId: string; readonly userId: string }
  | {
      readonly type: 'interaction';
      readonly interactionId: string;
      readonly channelId: string;
      readonly personId: string;
      readonly state: TurnState;
      /** What was done, for example `/video generate`. */
      readonly action: string;
      /** What the person reads when it failed. */
      readonly error?: string;
    }
  | { readonly type: 'modal'; readonly modal: ModalSeen }
  | { readonly type: 'violation'; readonly violation: Violation }
  | {
      readonly type: 'channel';
      readonly channelId: string;
      readonly name: string;
      readonly guildId: string | null;
      readonly parentId: string | null;
    }
  | { readonly type: 'commands' }
  | { readonly type: 'bot'; readonly online: boolean };

export type DiscordEmulator = Emulator & {
  /** Base without version, for `rest.api`. */
  readonly apiUrl: string;
  readonly cdnUrl: string;
  readonly applicationId: string;
  readonly clientSecret: string;
  readonly token: string;
  readonly bot: { readonly id: string; readonly username: string };
  guild(name?: string, options?: GuildOptions): Guild;
  guilds(): readonly Guild[];
  person(name: string, options?: PersonOptions): Person;
  people(): readonly Person[];
  /** Commands that this person may use at this place, one entry per subcommand. */
  commandsFor(person: Person, place: Place): readonly OfferedCommand[];
  readonly violations: readonly Violation[];
  readonly requests: readonly RequestLog[];
  /** 401, 403 and 429 answers so far. */
  readonly invalidRequests: number;
  /** Own answers that Discord's schemas refuse; must stay empty. */
  readonly selfFaults: readonly string[];
  /** Everything said at a place, readable, without ids and times. */
  transcript(where: TextChannel | Place | string): string;
  subscribe(listener: (event: DiscordEvent) => void): () => void;
  /** Cuts the gateway's sockets without a close frame. */
  drop(): void;
  /** Sends op 7. */
  askReconnect(): void;
  /** The next RESUME is answered with op 9. */
  forgetSessions(): void;
  /** Closes the gateway's sockets with this code. */
  closeWith(code: number): void;
  fault(fault: Fault): void;
  /** Resolves when all shards of a bot are READY, or at once when they are. */
  connected(): Promise<void>;
  sessions(): readonly SessionLog[];
};
