// Reads Bicep files with tree-sitter (WebAssembly, so there is nothing to compile) into declarations that rules and tests can look at.
// The grammar is that of tree-sitter-bicep: what it does not know (Bicep newer than it) counts as an error in check-bicep.mjs.
// It ends a lambda's body at the first operator: write (one => (one.size > 0)).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Language, Parser } from "web-tree-sitter";

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve("tree-sitter-bicep/tree-sitter-bicep.wasm")));

const asides = new Set(["comment", "diagnostic_comment"]);

/** A node's parts, without comments. */
export const named = (node) => node.namedChildren.filter((child) => !asides.has(child.type));

/** Every node below one, and itself, in the order of the text. */
export function* nodesOf(node) {
  yield node;
  for (const child of node.children) {
    yield* nodesOf(child);
  }
}

export const lineOf = (node) => node.startPosition.row + 1;

/**
 * @returns {{path: string, isParameters: boolean, root: object, using: object|null, declarations: object[]}}
 * A declaration: kind (param, var, resource, module, output, type, func), name, node, value (the node of its expression), and,
 * where the kind has them, decorators, type, isExisting, condition, target, parent.
 */
export function readBicep(path) {
  const isParameters = path.endsWith(".bicepparam");
  let text = readFileSync(path, "utf8");
  if (isParameters) {
    // The grammar knows no parameter files: there a param has a value and no type, as a variable has. Same length, same lines.
    text = text.replace(/^param(?= )/gm, "var  ");
  }

  const root = parser.parse(text).rootNode;
  const declarations = [];
  let using = null;
  const collect = (parent, owner) => {
    let decorators = [];
    for (const node of named(parent)) {
      if (node.type === "decorators") {
        decorators = named(node).map((one) => one.namedChildren[0]);
        continue;
      }

      if (node.type === "using_statement") {
        using = node.namedChildren[0];
      }

      const declaration = declarationOf(node, decorators, owner);
      if (declaration) {
        declarations.push(isParameters && declaration.kind === "var" ? { ...declaration, kind: "param" } : declaration);
        for (const body of declaration.kind === "resource" ? nodesOf(declaration.value) : []) {
          if (body.type === "object_property" && body.namedChildren[0]?.type === "resource_declaration") {
            collect(body, declaration.name);
          }
        }
      }

      decorators = [];
    }
  };
  collect(root, null);
  return { path, isParameters, root, using, declarations };
}

function declarationOf(node, decorators, parent) {
  const parts = named(node);
  const [name, second] = parts;
  const base = { name: name?.text, node, decorators, parent, isSecure: decorators.some((one) => one.childForFieldName("function")?.text === "secure") };
  switch (node.type) {
    case "parameter_declaration":
      return { ...base, kind: "param", type: second?.text, value: parts[2] ?? null };
    case "variable_declaration":
      return { ...base, kind: "var", value: second };
    case "output_declaration":
      return { ...base, kind: "output", type: second?.text, value: parts[2] };
    case "type_declaration":
      return { ...base, kind: "type", value: second };
    case "user_defined_function":
      return { ...base, name: node.childForFieldName("name")?.text, kind: "func", value: parts.at(-1) };
    case "resource_declaration":
    case "module_declaration": {
      const body = parts.at(-1);
      const isConditional = body.type === "if_statement";
      return {
        ...base,
        kind: node.type === "module_declaration" ? "module" : "resource",
        target: textOf(second),
        isExisting: node.children.some((child) => child.type === "existing"),
        condition: isConditional ? body.namedChildren[0].text : null,
        value: body,
        object: objectIn(body),
      };
    }
    default:
      return null;
  }
}

/** The object that a body holds, behind its condition or loop. */
function objectIn(body) {
  if (body.type === "if_statement") {
    return named(body)[1];
  }

  return body.type === "for_statement" ? objectIn(body.childForFieldName("body") ?? named(body).at(-1)) : body;
}

/** A string without its quotes; what it interpolates stays as it is written. */
export function textOf(node) {
  return node.text.startsWith("'''") ? node.text.slice(3, -3) : node.text.slice(1, -1).replaceAll("\\'", "'");
}

/** The properties of an object node: [{name, node, value}]. */
export function propertiesOf(object) {
  if (object?.type !== "object") {
    return [];
  }

  return named(object)
    .filter((node) => node.type === "object_property" && named(node).length === 2)
    .map((node) => {
      const [key, value] = named(node);
      return { name: key.type === "string" ? textOf(key) : key.text, node, value };
    });
}

export const propertyOf = (object, path) =>
  path.split(".").reduce((found, name) => propertiesOf(found).find((property) => property.name === name)?.value, object);

/** A literal as a JavaScript value; whatever has to be computed as {expression: "as written"}. */
export function valueOf(node) {
  switch (node?.type) {
    case undefined:
      return null;
    case "string":
      return textOf(node);
    case "number":
      return Number(node.text);
    case "boolean":
      return node.text === "true";
    case "array":
      return named(node).map(valueOf);
    case "object":
      return Object.fromEntries(propertiesOf(node).map((property) => [property.name, valueOf(property.value)]));
    default:
      return { expression: node.text };
  }
}
