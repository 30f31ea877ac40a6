import type { Body, Content, Part } from './wire.ts';

/** What the real service says about a conversation or declarations that it does not take; null when all is well. */
export const findToolProblem = (body: Body): string | null =>
  problemOfDeclarations(body) ??
  problemOfTurns(body.contents) ??
  problemOfSignatures(body.contents);

const nameRule =
  'Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.) or dashes (-), with a maximum length of 64.';

type Declaration = NonNullable<NonNullable<Body['tools']>[number]['functionDeclarations']>[number];

function problemOfDeclarations({ tools = [], toolConfig }: Body): string | null {
  const declarations = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const names = declarations.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `Duplicate function declaration found: ${twice}`;
  for (const [index, declaration] of declarations.entries()) {
    const problem = problemOfDeclaration(declaration);
    if (problem === null) continue;
    return `* GenerateContentRequest.tools[0].function_declarations[${index}].${problem}`;
  }
  return problemOfMode(toolConfig?.functionCallingConfig ?? {}, names);
}

function problemOfDeclaration({
  name,
  parameters,
  parametersJsonSchema,
}: Declaration): string | null {
  if (!/^[a-zA-Z_][\w.-]{0,63}$/u.test(name)) return `name: ${nameRule}`;
  if (parameters && parametersJsonSchema) {
    return 'parameters: parameters and parameters_json_schema are mutually exclusive.';
  }
  const schema = parameters ?? parametersJsonSchema;
  if (!schema) return null;
  if (schema.type !== 'object') {
    return 'parameters: the schema of the parameters should be of type OBJECT.';
  }
  const { required = [], properties = {} } = schema;
  const absent = required.find((property) => !(property in properties));
  return absent === undefined ? null : `parameters.required: property ${absent} is not defined.`;
}

type Mode = NonNullable<NonNullable<Body['toolConfig']>['functionCallingConfig']>;

function problemOfMode(config: Mode, declared: readonly string[]): string | null {
  const { mode = 'AUTO', allowedFunctionNames: allowed = [] } = config;
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    return 'Allowed function names should be set only when function calling mode is ANY or VALIDATED.';
  }
  const unknown = allowed.find((name) => !declared.includes(name));
  if (unknown !== undefined) return `Allowed function name ${unknown} is not a declared function.`;
  return mode === 'ANY' && declared.length === 0
    ? 'Function calling mode is set to ANY but no function_declarations are given.'
    : null;
}

const callsOf = ({ parts }: Content) => parts.flatMap(({ functionCall }) => functionCall ?? []);
const responsesOf = ({ parts }: Content) =>
  parts.flatMap(({ functionResponse }) => functionResponse ?? []);

function problemOfTurns(contents: Body['contents']): string | null {
  for (const [index, content] of contents.entries()) {
    const calls = callsOf(content);
    const responses = responsesOf(content);
    const before = contents[index - 1];
    if (calls.length > 0 && (content.role !== 'model' || !before || before.role === 'model')) {
      return 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.';
    }
    const asked = before ? callsOf(before) : [];
    if (responses.length > 0 && (content.role === 'model' || asked.length === 0)) {
      return 'Please ensure that function response turn comes immediately after a function call turn.';
    }
    const next = contents[index + 1];
    if (calls.length > 0 && (next ? responsesOf(next) : []).length !== calls.length) {
      return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
    }
    if (responses.length > 0 && namesOf(responses) !== namesOf(asked)) {
      return 'Please ensure that the names of the function response parts are those of the function call parts of the function call turn.';
    }
  }
  return null;
}

const namesOf = (named: readonly { readonly name: string }[]): string =>
  named
    .map(({ name }) => name)
    .toSorted()
    .join(' ');

/** Since Gemini 3, the first call of every step of the current turn carries its signature. */
function problemOfSignatures(contents: Body['contents']): string | null {
  const start = contents.findLastIndex(
    (content) => content.role !== 'model' && responsesOf(content).length === 0,
  );
  for (const [index, content] of contents.entries()) {
    if (index < start) continue;
    const position = content.parts.findIndex(({ functionCall }) => functionCall);
    const first: Part | undefined = content.parts[position];
    if (first && (first.thoughtSignature ?? '') === '') {
      return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${first.functionCall?.name ?? ''}\` , position ${position + 1}.`;
    }
  }
  return null;
}
