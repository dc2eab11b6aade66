import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";

/** What one document may ask for at most. */
export const limits = {
  characters: 64 << 10,
  tokens: 1_000,
  /** The introspection query of the usual tools is longer than what anybody writes by hand. */
  tokensWithIntrospection: 2_000,
  /** Levels of fields, the leaf included; a list of a connection takes two, `edges` and `node`. */
  depth: 12,
  aliases: 15,
  directives: 5,
  /** With every fragment written out where it is spread: what must be compiled, whatever comes of it. */
  fields: 2_000,
  /** Expected number of field values in the answer. */
  cost: 20_000,
} as const;

/** How many entries a list is expected to have that is no page of a connection. */
const expectedEntries = 5;
const expectedPage = { usual: 20, largest: 100 };

export type Variables = Readonly<Record<string, unknown>>;

/** What is measured on the syntax alone, so before validation, whose own work grows with some of it. */
interface Shape {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
}

const introspects = ({ name }: FieldNode) => name.value === "__schema" || name.value === "__type";

/** The first limit that a document breaks, as the one error to show, or undefined. */
export function brokenLimit(document: DocumentNode): GraphQLError | undefined {
  let directives = 0;
  let badText = false;
  let reserved: string | undefined;
  visit(document, {
    Directive: () => void directives++,
    StringValue: ({ value }) => void (badText ||= value.includes("\0") || !value.isWellFormed()),
    Field: ({ alias }) => void (reserved ??= alias?.value.startsWith("__") ? alias.value : undefined),
  });
  if (directives > limits.directives) return over("directives", limits.directives);
  if (badText) return new GraphQLError("There is a character that no text can have.");
  // GraphQL reserves the names; as keys of an object some of them mean something to JavaScript.
  if (reserved !== undefined) return new GraphQLError("Names that begin with two underscores are reserved.");

  const fragments = fragmentsOf(document);
  const known = new Map<string, Shape>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, aliases, fields } = shapeOf(definition.selectionSet, fragments, known);
    if (depth > limits.depth) return over("levels", limits.depth);
    if (aliases > limits.aliases) return over("aliases", limits.aliases);
    if (fields > limits.fields) return over("fields", limits.fields);
  }
  return undefined;
}

const over = (what: string, limit: number) => new GraphQLError(`More than ${limit} ${what}.`);

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );

/**
 * Fragments are measured once, however often they are spread: sixty of them, each spread twice, would make 2⁶⁰ fields.
 */
function shapeOf(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Shape>,
): Shape {
  let depth = 0;
  let aliases = 0;
  let fields = 0;
  for (const selection of set?.selections ?? []) {
    let inner: Shape;
    if (selection.kind === Kind.FIELD) {
      // `__typename` counts as any other field here: under an alias it is answered again and again.
      if (selection.alias) aliases++;
      const below = shapeOf(selection.selectionSet, fragments, known);
      // Its nesting is the schema's; graphql-js has a rule of its own against going round in it.
      inner = { depth: introspects(selection) ? 1 : below.depth + 1, aliases: below.aliases, fields: below.fields + 1 };
    } else if (selection.kind === Kind.INLINE_FRAGMENT) inner = shapeOf(selection.selectionSet, fragments, known);
    else inner = shapeOfFragment(selection.name.value, fragments, known);
    depth = Math.max(depth, inner.depth);
    aliases += inner.aliases;
    fields += inner.fields;
  }
  return { depth, aliases, fields };
}

function shapeOfFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Shape>,
): Shape {
  let shape = known.get(name);
  if (!shape) {
    // A fragment inside itself is for validation to refuse; here it must only come to an end.
    known.set(name, { depth: 0, aliases: 0, fields: 0 });
    known.set(name, (shape = shapeOf(fragments.get(name)?.selectionSet, fragments, known)));
  }
  return shape;
}

/** The expected number of field values in the answer to an operation of a valid document, given its variables. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Variables) => number {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation)!;
  const hasVariablePages = operation.variableDefinitions !== undefined && operation.variableDefinitions.length > 0;
  const measure = (variables: Variables) =>
    costOfSet(operation.selectionSet, root, expectedEntries, { schema, fragments, variables, known: new Map() });
  if (hasVariablePages) return measure;
  const fixed = measure({});
  return () => fixed;
}

interface Measure {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
  readonly known: Map<string, number>;
}

function costOfSet(set: SelectionSetNode, type: GraphQLCompositeType, entries: number, measure: Measure): number {
  let cost = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) cost += costOfField(selection, type, entries, measure);
    else {
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const fragment = isSpread ? measure.fragments.get(selection.name.value)! : selection;
      const condition = fragment.typeCondition?.name.value;
      const inner = condition ? (measure.schema.getType(condition) as GraphQLCompositeType) : type;
      const key = isSpread ? `${selection.name.value} ${entries} ${inner.name}` : undefined;
      const known = key === undefined ? undefined : measure.known.get(key);
      const found = known ?? costOfSet(fragment.selectionSet, inner, entries, measure);
      if (key !== undefined) measure.known.set(key, found);
      cost += found;
    }
  }
  return cost;
}

function costOfField(field: FieldNode, parent: GraphQLCompositeType, entries: number, measure: Measure): number {
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (!definition || !field.selectionSet) return 1;
  const type = getNamedType(definition.type);
  if (!isCompositeType(type)) return 1;
  const isPage = definition.args.some(({ name }) => name === "first");
  const size = isPage ? pageSize(field, measure.variables) : expectedEntries;
  const inner = costOfSet(field.selectionSet, type, size, measure);
  return 1 + (isListType(getNullableType(definition.type)) ? entries : 1) * inner;
}

function pageSize(field: FieldNode, variables: Variables): number {
  const value = field.arguments?.find(({ name }) => name.value === "first")?.value;
  let size: unknown;
  if (value?.kind === Kind.INT) size = Number(value.value);
  else if (value?.kind === Kind.VARIABLE) size = variables[value.name.value];
  // A page larger than the largest is refused by the list itself.
  return typeof size === "number" ? Math.min(Math.max(size, 0), expectedPage.largest) : expectedPage.usual;
}
