import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { must } from '#lib/errors.ts';
import type { CarrierExchange } from '../../src/connectors/carrier-lab.ts';

type Node = Record<string, unknown>;

/** Where the vendors’ own documents lie, beside the project; undefined where they do not. */
export function officialDocument(file: string): string | undefined {
  const folder =
    process.env.OWED_OFFICIAL_DOCS ?? fileURLToPath(new URL('../../../shared/official', import.meta.url));
  const full = path.join(folder, file);
  return existsSync(full) ? full : undefined;
}

/** JSON or YAML, as it is written. */
export async function readDocument(file: string): Promise<Node> {
  const reader = new Validator();
  await reader.validate(file);
  return reader.specification;
}

const formats: Record<string, RegExp> = {
  'phone-number': /^\+[1-9]\d{1,14}$/,
  'date-time-rfc-2822': /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/,
  currency: /^[A-Za-z]{3}$/,
  // Vendors write it of addresses that have no host.
  uri: /^(https?:\/)?\/\S+$/,
};

const asNode = (value: unknown): Node => (value !== null && typeof value === 'object' ? (value as Node) : {});

/**
 * Holds what was sent to a vendor’s fake, and what it answered, against the vendor’s own OpenAPI document:
 * paths, parameters, bodies, answers, and fields that the document does not have.
 */
export function openApiJudge(document: Node, root = '') {
  const follow = (node: unknown): Node => {
    const { $ref: ref } = asNode(node);
    if (typeof ref !== 'string') return asNode(node);
    const keys = ref.slice(2).split('/');
    return follow(
      keys.reduce(
        (at: unknown, key) => asNode(at)[decodeURIComponent(key).replace('~1', '/')],
        document as unknown,
      ),
    );
  };
  const validate = validatorOf(document);
  const undocumented = finderOf(follow);
  const faultsOf = (schema: Node, value: unknown, isText: boolean): string[] => [
    ...validate(schema, value, isText),
    ...undocumented(schema, value, ''),
  ];
  const templates = Object.keys(asNode(document.paths)).map((template) => ({
    template,
    pattern: new RegExp(`^${(root + template).replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

  function operationOf({ method, path: address }: CarrierExchange) {
    const found = templates
      .filter(({ pattern }) => pattern.test(address))
      .sort((a, b) => a.template.split('{').length - b.template.split('{').length)
      .find(({ template }) => asNode(asNode(document.paths)[template])[method.toLowerCase()]);
    if (!found) return undefined;
    const item = asNode(asNode(document.paths)[found.template]);
    const operation = asNode(item[method.toLowerCase()]);
    return { name: `${method} ${found.template}`, operation, item };
  }

  function queryFaults(operation: Node, item: Node, query: CarrierExchange['query']): string[] {
    const parameters = [operation.parameters, item.parameters].flatMap((each) =>
      ((each ?? []) as unknown[]).map(follow),
    );
    return query.flatMap(([name, value]) => {
      const [bare, inner] = name.split(/[[\]]/);
      const known = parameters.find((each) => each.in === 'query' && each.name === bare);
      if (!known) return [`the parameter ${name} is not in the document`];
      return validate(asNode(known.schema), inner ? { [inner]: value } : value, true);
    });
  }

  const contentOf = (node: unknown, type: string): Node | undefined => {
    const content = follow(follow(node).content);
    const found = content[type.split(';')[0] ?? ''];
    return found ? asNode(asNode(found).schema) : undefined;
  };

  return {
    nameOf: (exchange: CarrierExchange): string =>
      `${operationOf(exchange)?.name ?? exchange.path} ${exchange.status}`,
    faults(exchange: CarrierExchange): string[] {
      const found = operationOf(exchange);
      if (!found) return [`${exchange.method} ${exchange.path} is not in the document`];
      const { operation, item, name } = found;
      const sent = exchange.body === undefined ? undefined : contentOf(operation.requestBody, exchange.type);
      const isText = !exchange.type.includes('json');
      const responses = asNode(operation.responses);
      const answered = contentOf(responses[String(exchange.status)] ?? responses.default, 'application/json');
      const faults = [
        ...queryFaults(operation, item, exchange.query).map((fault) => `asked: ${fault}`),
        ...(exchange.body !== undefined && !sent ? [`sent: ${exchange.type} is not in the document`] : []),
        ...(sent ? faultsOf(sent, exchange.body, isText).map((fault) => `sent: ${fault}`) : []),
        ...(answered ? faultsOf(answered, exchange.answer, false).map((each) => `answered: ${each}`) : []),
      ];
      return faults.map((fault) => `${name} ${exchange.status} ${fault}`);
    },
    /** Whether the document says anything of what this exchange carries. */
    knows(exchange: CarrierExchange): { sent: boolean; answered: boolean } {
      const { operation } = must(operationOf(exchange), exchange.path);
      const responses = asNode(operation.responses);
      const answer = responses[String(exchange.status)] ?? responses.default;
      return {
        sent: exchange.body !== undefined && contentOf(operation.requestBody, exchange.type) !== undefined,
        answered: contentOf(answer, 'application/json') !== undefined,
      };
    },
  };
}

/** OpenAPI 3.0 is JSON schema but for its own words, which the validator is told to pass over. */
function validatorOf(document: Node) {
  const make = (coerceTypes: boolean) => {
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, logger: false, coerceTypes });
    addFormats.default(ajv);
    for (const [name, pattern] of Object.entries(formats)) ajv.addFormat(name, pattern);
    ajv.addSchema({ components: eased(document.components), $id: 'doc' }, 'doc');
    return ajv;
  };
  const [plain, text] = [make(false), make(true)];
  const known = new Map<string, ValidateFunction>();
  return (schema: Node, value: unknown, isText: boolean): string[] => {
    const source = JSON.stringify(eased(schema)).replaceAll('"#/', '"doc#/');
    const key = `${isText} ${source}`;
    const check = known.get(key) ?? (isText ? text : plain).compile(JSON.parse(source) as Node);
    known.set(key, check);
    // What comes as text is coerced in place: a copy.
    check(structuredClone(value));
    return (check.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
  };
}

/**
 * A choice between fields alone ("city and state, or a postal code") forbids nobody to give all of them; and
 * what may be null may be it without a type.
 */
function eased(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(eased);
  if (node === null || typeof node !== 'object') return node;
  const { oneOf, ...rest } = node as Node;
  const isOfFields =
    Array.isArray(oneOf) && oneOf.every((each) => Object.keys(asNode(each)).join() === 'required');
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, eased(value)]));
  if (oneOf !== undefined) inner[isOfFields ? 'anyOf' : 'oneOf'] = eased(oneOf);
  const { nullable, ...schema } = inner;
  return nullable === true && schema.type === undefined ? { anyOf: [schema, { type: 'null' }] } : inner;
}

/** A field that the document does not have is nothing a schema objects to; it would be a fake's invention. */
function finderOf(follow: (node: unknown) => Node) {
  const all = (schema: Node): Node[] => {
    const own = follow(schema);
    const parts = [own.allOf, own.anyOf, own.oneOf].flatMap((each) => (each ?? []) as Node[]);
    return [own, ...parts.flatMap(all)];
  };
  return function undocumented(schema: Node, value: unknown, at: string): string[] {
    if (value === null || typeof value !== 'object') return [];
    const parts = all(schema);
    if (Array.isArray(value)) {
      const items = parts.flatMap((each) => (each.items ? [each.items as Node] : []));
      return value.flatMap((each, n) => undocumented({ allOf: items }, each, `${at}/${n}`));
    }
    const isOpen = parts.some(
      (each) => each.additionalProperties || (each.type === 'object' && !each.properties && !each.allOf),
    );
    return Object.entries(value).flatMap(([key, inner]) => {
      const schemas = parts.flatMap((each) => {
        const property = asNode(each.properties)[key];
        return property ? [asNode(property)] : [];
      });
      if (schemas.length > 0) return undocumented({ allOf: schemas }, inner, `${at}/${key}`);
      return isOpen ? [] : [`${at}/${key} is not in the document`];
    });
  };
}
