import { execute, type ExecutionResult, type GraphQLSchema, OperationTypeNode } from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import type { Context } from "../context.ts";
import type { Operation } from "./documents.ts";
import type { Variables } from "./limits.ts";

export type Execute = (operation: Operation, context: Context, variables: Variables) => Promise<ExecutionResult>;

/** An operation is compiled when it comes again: compiling costs more than executing once. */
const usesBeforeCompiling = 2;

/**
 * Executes queries as compiled functions and everything else by graphql-js. What is compiled lives as long as its
 * operation is kept by `Documents`, so its number is bounded with theirs.
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

function compiled(schema: GraphQLSchema, { document, name }: Operation): CompiledQuery | null {
  try {
    const query = compileQuery(schema, document, name, { useExperimentalPathBasedSkipInclude: true });
    return isCompiledQuery(query) ? query : null;
  } catch {
    // What cannot be compiled is executed as before.
    return null;
  }
}
