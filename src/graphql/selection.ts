import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from "graphql";

type Info = Pick<GraphQLResolveInfo, "fieldNodes" | "fragments">;

/** Names of the fields that a request wants of a connection's nodes, so that one statement can bring them along. */
export function selectedOfNodes(info: Info): ReadonlySet<string> {
  const found = new Set<string>();
  for (const field of info.fieldNodes)
    for (const list of children(field.selectionSet, info.fragments))
      if (list.name.value === "nodes") collect(list.selectionSet, info.fragments, found);
      else if (list.name.value === "edges")
        for (const edge of children(list.selectionSet, info.fragments))
          if (edge.name.value === "node") collect(edge.selectionSet, info.fragments, found);
  return found;
}

/** Names of the fields that a request wants of the object in a payload's field. */
export function selectedOf(info: Info, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const payload of info.fieldNodes)
    for (const field of children(payload.selectionSet, info.fragments))
      if (field.name.value === name) collect(field.selectionSet, info.fragments, found);
  return found;
}

function collect(set: SelectionSetNode | undefined, fragments: Info["fragments"], into: Set<string>): void {
  for (const field of children(set, fragments)) into.add(field.name.value);
}

function children(
  set: SelectionSetNode | undefined,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === "Field") return [selection];
    const inner = selection.kind === "InlineFragment" ? selection : fragments[selection.name.value];
    return children(inner?.selectionSet, fragments);
  });
}
