// Checks Bicep without Azure's own compiler: `node scripts/check-bicep.mjs [FOLDER…]` (bicep, if none is named).
//   node scripts/check-bicep.mjs --facts [FOLDER]   prints what is declared, as JSON, for tests
// Prints every finding as file:line, what is wrong, what to do. Exit 0: none. 1: some. 2: nothing to check.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { lineOf, named, nodesOf, propertiesOf, propertyOf, readBicep, textOf, valueOf } from "./bicep-tree.mjs";

const functions = new Set(
  (
    "any array base64 base64ToJson base64ToString bool cidrHost cidrSubnet concat contains dateTimeAdd dateTimeFromEpoch dateTimeToEpoch deployer deployment " +
    "empty endsWith environment extensionResourceId fail filter first flatten format getSecret groupBy guid indexOf int intersection items join json last " +
    "lastIndexOf length listAccountSas listKeys listSecrets loadFileAsBase64 loadJsonContent loadTextContent loadYamlContent managementGroup " +
    "managementGroupResourceId map mapValues max min newGuid objectKeys padLeft parseCidr pickZones range readEnvironmentVariable reduce reference replace " +
    "resourceGroup resourceId shallowMerge skip sort split startsWith string subscription subscriptionResourceId substring take tenant tenantResourceId " +
    "toLogicalZone toLower toObject toPhysicalZone toUpper trim union uniqueString uri uriComponent uriComponentToString utcNow " +
    "description secure allowed minValue maxValue minLength maxLength metadata batchSize export sealed discriminator"
  ).split(" "),
);
const namespaces = new Set(["az", "sys"]);
const primitives = ["any", "array", "bool", "int", "object", "string"];
const secretCalls = /^(list[A-Z]\w*|getSecret)$/;
const secretProperties = /^(primaryKey|secondaryKey|(primary|secondary)?connectionString|instrumentationKey|adminPassword|password)$/i;
const secretTexts = [/AccountKey=/i, /SharedAccessKey=/i, /[?&]code=/, /[?&]sig=/, /BEGIN [A-Z ]*PRIVATE KEY/, /\bSG\.[\w-]{16,}\.[\w-]{16,}/];

/** What resources of a type must say: [where, what is right, what to do]. */
const policies = {
  "Microsoft.Storage/storageAccounts": [
    ["properties.allowSharedKeyAccess", (value) => value === false, "set it to false: identities, no account keys"],
    ["properties.allowBlobPublicAccess", (value) => value === false, "set it to false: no public blobs"],
    ["properties.minimumTlsVersion", (value) => ["TLS1_2", "TLS1_3"].includes(value), "set it to 'TLS1_2'"],
    ["properties.supportsHttpsTrafficOnly", (value) => value === true, "set it to true"],
  ],
  "Microsoft.Storage/storageAccounts/blobServices/containers": [["properties.publicAccess", (value) => value === "None", "set it to 'None'"]],
  "Microsoft.ServiceBus/namespaces": [
    ["properties.disableLocalAuth", (value) => value === true, "set it to true: identities, no shared access keys"],
    ["properties.minimumTlsVersion", (value) => ["1.2", "1.3"].includes(value), "set it to '1.2'"],
  ],
  "Microsoft.ServiceBus/namespaces/queues": [
    ["properties.maxDeliveryCount", (value) => value >= 10, "set it to 10 or more: shutdowns count as deliveries"],
    ["properties.deadLetteringOnMessageExpiration", (value) => value === true, "set it to true: an expired message must not vanish"],
    ["properties.lockDuration", (value) => typeof value === "string", "set it"],
  ],
  "Microsoft.KeyVault/vaults": [["properties.enableRbacAuthorization", (value) => value === true, "set it to true: roles, no access policies"]],
  "Microsoft.Insights/components": [["properties.DisableLocalAuth", (value) => value === true, "set it to true: telemetry by identity"]],
  "Microsoft.Web/sites": [
    ["properties.httpsOnly", (value) => value === true, "set it to true"],
    ["properties.siteConfig.minTlsVersion", (value) => ["1.2", "1.3"].includes(value), "set it to '1.2'"],
  ],
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": [["properties.allow", (value) => value === false, "set it to false: publishing by identity"]],
};

const wantsFacts = process.argv.includes("--facts");
const folders = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const paths = (folders.length > 0 ? folders : ["bicep"]).filter(existsSync).flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.bicep(param)?$/.test(name))
    .map((name) => join(folder, name))
    .sort(),
);
const files = new Map(paths.map((path) => [resolve(path), readBicep(path)]));
const findings = [];
const find = (file, node, what, remedy) => findings.push({ path: file.path, line: lineOf(node), what, remedy });

// Only the code is set: process.exit would cut off what a pipe has not taken yet.
if (files.size === 0) {
  console.error(`No .bicep file in ${folders.join(", ") || "bicep"}: name the folder that holds them.`);
  process.exitCode = 2;
} else if (wantsFacts) {
  console.log(JSON.stringify([...files.values()].map(factsOf), null, 1));
} else {
  process.exitCode = check() ? 0 : 1;
}

function check() {
  for (const file of files.values()) {
    // A rule that reads a broken tree would only add noise.
    if (checkSyntax(file)) {
      checkSymbols(file);
      (file.isParameters ? checkParameterFile : checkTemplate)(file);
    }
  }

  findings.sort((one, other) => one.path.localeCompare(other.path) || one.line - other.line);
  findings.forEach(({ path, line, what, remedy }) => console.log(`${relative(".", path) || path}:${line}: ${what}; ${remedy}.`));
  console.log(`${files.size} Bicep files, ${findings.length || "nothing"} found`);
  return findings.length === 0;
}

function checkSyntax(file) {
  const before = findings.length;
  for (const node of nodesOf(file.root)) {
    if (node.isError) {
      find(file, node, `this cannot be read: ${node.text.split("\n")[0].slice(0, 60)}`, "correct it, or write it as tree-sitter-bicep's grammar knows it");
    } else if (node.isMissing) {
      find(file, node, `${node.type} is missing here`, "add it");
    }
  }

  return findings.length === before;
}

/** Every name leads somewhere, is declared once and is used. */
function checkSymbols(file) {
  const declared = new Map();
  for (const one of file.declarations.filter((declaration) => declaration.kind !== "output")) {
    if (declared.has(one.name)) {
      find(file, one.node, `${one.name} is declared twice`, "rename one of the two");
    }

    declared.set(one.name, one);
  }

  const outputs = file.declarations.filter((declaration) => declaration.kind === "output").map((one) => one.name);
  outputs.filter((name, index) => outputs.indexOf(name) < index).forEach((name) => find(file, file.root, `output ${name} is declared twice`, "rename one of the two"));

  const used = new Set();
  const look = (node, local) => {
    switch (node.type) {
      case "identifier":
        if (!local.has(node.text)) {
          used.add(node.text);
          if (!declared.has(node.text) && !namespaces.has(node.text)) {
            find(file, node, `nothing is called ${node.text}`, "declare it, or correct its name");
          }
        }

        return;
      case "object_property": {
        const [key, value] = named(node);
        if (key.type === "resource_declaration") {
          look(key, local);
          return;
        }

        if (key.type === "string") {
          look(key, local);
        }

        if (value) {
          look(value, local);
        }

        return;
      }
      case "call_expression": {
        const callee = node.childForFieldName("function");
        if (callee.type === "identifier") {
          if (declared.get(callee.text)?.kind === "func") {
            used.add(callee.text);
          } else if (!functions.has(callee.text)) {
            find(file, callee, `there is no function ${callee.text}`, "correct its name, or add it to check-bicep.mjs if Bicep has it");
          }
        } else {
          look(callee, local);
        }

        look(node.childForFieldName("arguments"), local);
        return;
      }
      case "resource_expression":
        look(node.childForFieldName("object"), local);
        look(node.childForFieldName("resource"), local);
        return;
      case "lambda_expression": {
        const [names, body] = named(node);
        const inner = names.type === "identifier" ? [names] : named(names);
        look(body, new Set([...local, ...inner.map((name) => name.text)]));
        return;
      }
      case "for_statement": {
        const body = node.childForFieldName("body");
        const parts = named(node).filter((part) => part.id !== body.id);
        const [head, over] = parts;
        const inner = head.type === "for_loop_parameters" ? named(head) : [head];
        look(over, local);
        look(body, new Set([...local, ...inner.map((name) => name.text)]));
        return;
      }
      default:
        named(node).forEach((child) => look(child, local));
    }
  };
  for (const one of file.declarations.filter((declaration) => declaration.parent === null)) {
    one.decorators.forEach((decorator) => look(decorator, new Set()));
    if (one.value) {
      look(one.value, new Set({ func: namesIn(one.node, "parameter"), type: primitives }[one.kind]));
    }

    for (const type of nodesOf(one.node)) {
      if (type.type === "type" && type.namedChildren[0]?.type === "identifier") {
        look(type.namedChildren[0], new Set());
      }
    }
  }

  for (const one of declared.values()) {
    const mustBeUsed = !file.isParameters && (["param", "var", "type", "func"].includes(one.kind) || (one.kind === "resource" && one.isExisting));
    if (mustBeUsed && !used.has(one.name)) {
      find(file, one.node, `${one.kind} ${one.name} is never used`, "use it or take it out");
    }
  }
}

/** The names that nodes of a type begin with. */
function namesIn(node, type) {
  return [...nodesOf(node)].filter((part) => part.type === type).map((part) => named(part)[0].text);
}

function checkTemplate(file) {
  const isMain = file.path.endsWith("main.bicep");
  const tainted = taintedOf(file);
  for (const one of file.declarations) {
    switch (one.kind) {
      case "param":
        if (one.isSecure && one.value && valueOf(one.value) !== "") {
          find(file, one.node, `secret ${one.name} has a default`, "take it out; only an empty one tells nothing");
        }

        break;
      case "output": {
        const secret = secretIn(one.value, tainted);
        if (secret) {
          find(file, one.node, `output ${one.name} tells a secret (${secret})`, "outputs stay readable in the history of deployments: give the name of the resource instead");
        }

        break;
      }
      case "module":
        checkModule(file, one, tainted);
        break;
      case "resource":
        if (isMain) {
          find(file, one.node, `main.bicep provisions ${one.name} itself`, "move it into a module: main.bicep lists modules and nothing else");
        }

        checkResource(file, one);
        break;
    }
  }

  checkOutputsUsed(file);
  for (const node of nodesOf(file.root)) {
    if (node.type === "string" && secretTexts.some((pattern) => pattern.test(node.text))) {
      find(file, node, "this text holds a key", "take it out, and change the key: it is in the history now");
    }
  }
}

function checkModule(file, module, tainted) {
  const target = files.get(resolve(dirname(file.path), module.target));
  if (!target) {
    find(file, module.node, `module ${module.name} is not at ${module.target}`, "correct the path");
    return;
  }

  const wanted = new Map(target.declarations.filter((one) => one.kind === "param").map((one) => [one.name, one]));
  const given = propertiesOf(propertyOf(module.object, "params"));
  for (const { name, node, value } of given) {
    const param = wanted.get(name);
    if (!param) {
      find(file, node, `module ${module.name} has no parameter ${name}`, `take it out, or declare it in ${module.target}`);
      continue;
    }

    checkLiteral(file, node, param, value);
    if (!param.isSecure && secretIn(value, tainted)) {
      find(file, node, `a secret goes into ${name} of ${module.name}, which is not @secure()`, `mark it @secure() in ${module.target}`);
    }
  }

  for (const param of wanted.values()) {
    if (!param.value && !param.type?.endsWith("?") && !given.some(({ name }) => name === param.name)) {
      find(file, module.node, `module ${module.name} is not given ${param.name}`, "give it, or give it a default");
    }
  }
}

/** module.outputs.x, also of a module that may not be there. */
function checkOutputsUsed(file) {
  const modules = new Map(file.declarations.filter((one) => one.kind === "module").map((one) => [one.name, one]));
  for (const node of nodesOf(file.root)) {
    const inner = node.type === "member_expression" ? node.childForFieldName("object") : null;
    if (inner?.type !== "member_expression" || inner.childForFieldName("property").text !== "outputs") {
      continue;
    }

    const owner = inner.childForFieldName("object");
    const module = modules.get((owner.type === "subscript_expression" ? owner.childForFieldName("object") : owner).text);
    const target = module && files.get(resolve(dirname(file.path), module.target));
    const name = node.childForFieldName("property").text;
    if (target && !target.declarations.some((one) => one.kind === "output" && one.name === name)) {
      find(file, node, `module ${module.name} has no output ${name}`, `declare it in ${module.target}, or correct its name`);
    }
  }
}

function checkResource(file, resource) {
  const [type, version] = resource.target.split("@");
  if (!version && !resource.parent) {
    find(file, resource.node, `resource ${resource.name} names no API version`, "write type@version");
  }

  if (resource.isExisting) {
    return;
  }

  for (const [where, isRight, remedy] of policies[type] ?? []) {
    const value = propertyOf(resource.object, where);
    if (!isRight(valueOf(value))) {
      find(file, value ?? resource.node, `${where} of ${resource.name} is ${value ? value.text : "not set"}`, remedy);
    }
  }

  if (type === "Microsoft.Authorization/roleAssignments") {
    const name = propertyOf(resource.object, "name");
    const parts = name?.type === "call_expression" && name.childForFieldName("function").text === "guid" ? named(name.childForFieldName("arguments")).map((part) => part.text) : [];
    const scope = propertyOf(resource.object, "scope")?.text;
    const principal = propertyOf(resource.object, "properties.principalId")?.text;
    const role = propertyOf(resource.object, "properties.roleDefinitionId")?.text ?? "";
    if (parts.length !== 3 || parts[0] !== `${scope}.id` || parts[1] !== principal || !role.includes(parts[2])) {
      find(file, resource.node, `the name of role assignment ${resource.name} is not guid(scope, principal, role)`, "name it by all three, of its own scope, principal and role, so that none overwrites another");
    }
  }
}

function checkParameterFile(file) {
  const target = file.using && files.get(resolve(dirname(file.path), textOf(file.using)));
  if (!target) {
    find(file, file.using ?? file.root, "this parameter file belongs to no template here", "write using '../main.bicep'");
    return;
  }

  const wanted = new Map(target.declarations.filter((one) => one.kind === "param").map((one) => [one.name, one]));
  for (const one of file.declarations) {
    const param = wanted.get(one.name);
    if (!param) {
      find(file, one.node, `${target.path} has no parameter ${one.name}`, "take it out, or declare it there");
      continue;
    }

    checkLiteral(file, one.node, param, one.value);
    if (param.isSecure && one.value.type === "string") {
      find(file, one.node, `secret ${one.name} stands in the file`, "read it with readEnvironmentVariable, and change it: it is in the history now");
    }
  }

  for (const param of wanted.values()) {
    if (!param.value && !param.type?.endsWith("?") && !file.declarations.some((one) => one.name === param.name)) {
      find(file, file.root, `${param.name} is not set`, `set it: ${target.path} has no default for it`);
    }
  }
}

/** A literal has the type of its parameter and is among the values allowed. */
function checkLiteral(file, node, param, value) {
  const literal = valueOf(value);
  const kind = { string: "string", number: "int", boolean: "bool", array: "array", object: "object" }[value.type];
  const type = param.type?.replace(/\?$/, "");
  const expected = type?.endsWith("[]") ? "array" : type;
  if (kind && ["string", "int", "bool", "array", "object"].includes(expected) && kind !== expected) {
    find(file, node, `${param.name} is ${kind === "int" ? "a number" : kind} here`, `give it as ${type}`);
  }

  const allowed = param.decorators.find((one) => one.childForFieldName("function").text === "allowed");
  const values = allowed && valueOf(named(allowed.childForFieldName("arguments"))[0]);
  if (values && kind && !values.includes(literal)) {
    find(file, node, `${param.name} is ${value.text}`, `use one of ${values.join(", ")}`);
  }
}

/** Names whose value holds a secret: secure parameters, and variables made of them. */
function taintedOf(file) {
  const tainted = new Set(file.declarations.filter((one) => one.kind === "param" && one.isSecure).map((one) => one.name));
  const variables = file.declarations.filter((one) => one.kind === "var");
  for (let before = -1; before !== tainted.size; ) {
    before = tainted.size;
    variables.filter((one) => secretIn(one.value, tainted)).forEach((one) => tainted.add(one.name));
  }

  return tainted;
}

/** What is secret in an expression, or null. Whether something is empty tells nothing. */
function secretIn(node, tainted) {
  if (node.type === "call_expression") {
    const callee = node.childForFieldName("function");
    const name = callee.type === "member_expression" ? callee.childForFieldName("property").text : callee.text;
    if (name === "empty") {
      return null;
    }

    if (secretCalls.test(name)) {
      return `${name}()`;
    }
  }

  if (node.type === "identifier" && tainted.has(node.text)) {
    return node.text;
  }

  if (node.type === "property_identifier" && secretProperties.test(node.text)) {
    return node.text;
  }

  const children = node.type === "object_property" ? named(node).slice(1) : named(node);
  return children.map((child) => secretIn(child, tainted)).find((secret) => secret) ?? null;
}

function factsOf(file) {
  const of = (kind) => file.declarations.filter((one) => one.kind === kind);
  return {
    path: file.path,
    params: of("param").map((one) => ({ name: one.name, isSecure: one.isSecure, value: valueOf(one.value) })),
    vars: of("var").map((one) => ({ name: one.name, value: valueOf(one.value) })),
    resources: of("resource").map((one) => ({ name: one.name, type: one.target.split("@")[0], isExisting: one.isExisting, condition: one.condition, value: valueOf(one.object) })),
    modules: of("module").map((one) => ({ name: one.name, path: one.target, condition: one.condition, params: valueOf(propertyOf(one.object, "params")) })),
    outputs: of("output").map((one) => one.name),
  };
}
