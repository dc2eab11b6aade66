import {
  execute,
  type ExecutionResult,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  OperationTypeNode,
  typeFromAST,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import type { Context } from "../context.ts";
import type { Operation } from "./documents.ts";
import type { Variables } from "./limits.ts";

export type Execute = (operation: Operation, context: Context, variables: Variables) => Promise<ExecutionResult>;

/** An operation is compiled when it comes again: compiling costs more than executing once. */
const usesBeforeCompiling = 2;

/**
 * Executes queries as compiled functions and everything else by graphql-js. What is compiled lives as long as its
 * operation is kept by `Documents`, so its number is bounded with theirs. Compiled functions read a field without a
 * resolver as a plain property: a value that is a function or a promise needs a resolver (graphql-js would call or
 * await it).
 */
export function executor(schema: GraphQLSchema): Execute {
  const states = new WeakMap<Operation, { uses: number; compiled: CompiledQuery | null }>();

  return async (operation, context, variables) => {
    const { document, name } = operation;
    // Mutations have their effects one after the other; that is left to the reference implementation.
    if (operation.definition.operation === OperationTypeNode.QUERY) {
      let state = states.get(operation);
      if (!state) states.set(operation, (state = { uses: 0, compiled: null }));
      if (++state.uses === usesBeforeCompiling) state.compiled = compiled(schema, operation);
      if (state.compiled) return state.compiled.query(undefined, context, variables);
    }
    return execute({ schema, document, operationName: name, contextValue: context, variableValues: variables });
  };
}

function compiled(schema: GraphQLSchema, { document, definition, name }: Operation): CompiledQuery | null {
  for (const { type } of definition.variableDefinitions ?? [])
    if (containsItself(typeFromAST(schema, type as never))) return null;
  try {
    const query = compileQuery(schema, document, name, { useExperimentalPathBasedSkipInclude: true });
    return isCompiledQuery(query) ? query : null;
  } catch {
    // What cannot be compiled is executed as before.
    return null;
  }
}

/** The compiler writes a variable's type out to its last field; of one that contains itself it would never find it. */
function containsItself(type: unknown, above: readonly GraphQLNamedType[] = []): boolean {
  const named = getNamedType(type as GraphQLNamedType);
  if (!isInputObjectType(named)) return false;
  if (above.includes(named)) return true;
  return Object.values(named.getFields()).some((field) => containsItself(field.type, [...above, named]));
}
