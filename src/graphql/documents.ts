import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { brokenLimit, costOf, limits, type Variables } from "./limits.ts";

/** One operation of a document that has passed every limit and rule. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly name: string | undefined;
  /** Expected number of field values in its answer; see limits.ts. */
  readonly cost: (variables: Variables) => number;
}

/** The errors of a document or request that is not executed at all. */
export class BadQuery extends Error {
  override readonly name = "BadQuery";
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

const bad = (message: string) => new BadQuery([new GraphQLError(message)]);

const guardedRules = [...specifiedRules, NoSchemaIntrospectionCustomRule];
/** Validation is stopped after so many errors: nobody reads more, and each costs. */
const maxErrors = 5;
/** How much text of documents is kept parsed, validated and compiled. */
const kept = { documents: 500, characters: 4 << 20 };

/** Documents by their text, parsed, limited and validated once; the ones used last are kept. */
export class Documents {
  private readonly known = new Map<string, readonly Operation[]>();
  private characters = 0;
  private readonly schema: GraphQLSchema;

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  /** The operation of that name, or the only one; BadQuery where the document may not be executed. */
  operation(query: string, name: string | null | undefined, mayIntrospect: boolean): Operation {
    const operations = this.read(query, mayIntrospect);
    if (name === null || name === undefined) {
      if (operations.length === 1) return operations[0]!;
      throw bad(operations.length === 0 ? "There is no operation." : "There are several operations: name one of them.");
    }
    const operation = operations.find((each) => each.name === name);
    if (!operation) throw bad("There is no operation of that name.");
    return operation;
  }

  private read(query: string, mayIntrospect: boolean): readonly Operation[] {
    if (query.length > limits.characters) throw bad(`More than ${limits.characters} characters.`);
    // What is valid depends on who asks, so both are kept apart.
    const key = `${mayIntrospect ? "+" : "-"}${query}`;
    let operations = this.known.get(key);
    if (operations) this.known.delete(key);
    else {
      operations = this.check(query, mayIntrospect);
      this.characters += key.length;
    }
    this.known.set(key, operations);
    while (this.known.size > kept.documents || this.characters > kept.characters) {
      const oldest = this.known.keys().next().value!;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
    return operations;
  }

  private check(query: string, mayIntrospect: boolean): readonly Operation[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: mayIntrospect ? limits.tokensWithIntrospection : limits.tokens });
    } catch (error) {
      if (error instanceof GraphQLError) throw new BadQuery([error]);
      throw error;
    }
    const broken = brokenLimit(document);
    if (broken) throw new BadQuery([broken]);
    const errors = validate(this.schema, document, mayIntrospect ? specifiedRules : guardedRules, { maxErrors });
    if (errors.length > 0) throw new BadQuery(errors);
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? [{ document, definition, name: definition.name?.value, cost: costOf(this.schema, document, definition) }]
        : [],
    );
  }
}
