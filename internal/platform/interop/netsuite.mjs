// Runs the NetSuite script against stand-ins of the modules that it asks for, and
// prints what it would have posted: node netsuite.mjs SCRIPT SECRET
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [, , script, secret] = process.argv;
const NOW = Date.parse('2026-03-03T14:14:07.250Z');

// stored are the records of the account, by type and id.
const locations = [
  { locationid: 8, quantityonhand: 40, quantityavailable: 37.5, quantitycommitted: 2.5 },
  { locationid: 9, quantityonhand: '', quantityavailable: '', quantitycommitted: '' },
];
const order = {
  fields: {
    otherrefnum: '#US1042', orderstatus: 'B', total: 186.4, taxtotal: 13.06, shippingcost: '', discounttotal: -5, currency: '1',
    createddate: new Date('2026-03-03T14:02:00Z'), memo: 'Gift for Dana Miller',
  },
  lists: {
    item: [
      { item: '31', itemtype: 'InvtPart', quantity: 2, quantityfulfilled: 1, isclosed: false },
      { item: '32', itemtype: 'InvtPart', quantity: 3, quantityfulfilled: 1, isclosed: true },
      { item: '77', itemtype: 'Service', quantity: '', quantityfulfilled: '', isclosed: false },
    ],
  },
};
const stored = {
  'salesorder/4812': order,
  'salesorder/4813': { ...order, fields: { ...order.fields, otherrefnum: 'PO-77' } },
  'salesorder/9007199254740993': { ...order, fields: { ...order.fields, otherrefnum: 'US1043', total: 0.1 + 0.2 } },
  'itemfulfillment/5120': {
    fields: { createdfrom: '4812', shipstatus: 'C', trandate: new Date(2026, 2, 3) },
    lists: {
      package: [{ packagetrackingnumber: '1Z0000000000000001' }, { packagetrackingnumber: '' }],
      item: [{ item: '31', itemtype: 'InvtPart', quantity: 1 }, { item: '31', itemtype: 'InvtPart', quantity: 1 }, { item: '33', itemtype: 'Assembly', quantity: 1 }],
    },
  },
  'creditmemo/6001': { fields: { otherrefnum: 'US1042', createdfrom: '5555', total: 58, taxtotal: 4, currency: '1', trandate: new Date(2026, 2, 3) }, lists: {} },
  'cashrefund/6002': { fields: { otherrefnum: '', createdfrom: '4812', total: '12.50', taxtotal: '', currency: '4', trandate: new Date(2026, 2, 2) }, lists: {} },
  'inventoryitem/31': { fields: { itemid: 'MUG-BLU', upccode: '', isinactive: false }, lists: { price1: [{ price_1_: 14.5 }], locations } },
  'inventoryitem/32': { fields: { itemid: '00123', upccode: '4006381333931', isinactive: true }, lists: { price1: [{ price_1_: '' }], locations: [] } },
  'assemblyitem/33': { fields: { itemid: 'KIT-é-07', upccode: '', isinactive: 'F' }, lists: { price1: [], locations: [{ ...locations[0], locationid: 18 }, { ...locations[0], locationid: 55 }] } },
  'inventoryadjustment/700': { fields: {}, lists: { inventory: [{ item: '31' }] } },
  'customer/77': { fields: { email: 'Dana@acme.example', isperson: 'T', globalsubscriptionstatus: '1', entityid: 'Dana Miller' }, lists: {} },
  'customer/78': { fields: { email: '', isperson: 'F', globalsubscriptionstatus: '2' }, lists: {} },
};

const saved = (type, id, { fields, lists } = { fields: {}, lists: {} }) => ({
  type, id, fields,
  getFields: () => Object.keys(fields),
  getValue: ({ fieldId }) => fields[fieldId],
  getLineCount: ({ sublistId }) => (lists[sublistId] ? lists[sublistId].length : -1),
  getSublistValue: ({ sublistId, fieldId, line }) => lists[sublistId][line][fieldId],
});
const at = (key) => saved(...key.split('/'), stored[key]);

const UserEventType = { CREATE: 'create', EDIT: 'edit', XEDIT: 'xedit', DELETE: 'delete' };
const events = {
  'sales-order': { type: 'create', newRecord: at('salesorder/4812') },
  'sales-order-of-no-shop': { type: 'edit', newRecord: at('salesorder/4813') },
  'sales-order-great-id': { type: 'edit', newRecord: at('salesorder/9007199254740993') },
  'sales-order-inline-status': { type: 'xedit', newRecord: saved('salesorder', 4812, { fields: { orderstatus: 'C', memo: 'x' }, lists: {} }) },
  'sales-order-inline-nothing': { type: 'xedit', newRecord: saved('salesorder', 4812, { fields: { memo: 'x' }, lists: {} }) },
  'sales-order-inline-number': { type: 'xedit', newRecord: saved('salesorder', 4812, { fields: { otherrefnum: 'US1042' }, lists: {} }) },
  'sales-order-deleted': { type: 'delete', newRecord: saved('salesorder', 4812), oldRecord: at('salesorder/4812') },
  'fulfillment': { type: 'edit', newRecord: at('itemfulfillment/5120') },
  'fulfillment-deleted': { type: 'delete', oldRecord: at('itemfulfillment/5120') },
  'credit-memo': { type: 'create', newRecord: at('creditmemo/6001') },
  'cash-refund': { type: 'create', newRecord: at('cashrefund/6002') },
  'item': { type: 'edit', newRecord: at('inventoryitem/31') },
  'item-inactive': { type: 'edit', newRecord: at('inventoryitem/32') },
  'item-inline-inactive': { type: 'xedit', newRecord: saved('inventoryitem', 31, { fields: { isinactive: 'T' }, lists: {} }) },
  'item-inline-barcode-cleared': { type: 'xedit', newRecord: saved('inventoryitem', 31, { fields: { upccode: '' }, lists: {} }) },
  'item-deleted': { type: 'delete', oldRecord: at('inventoryitem/31') },
  'adjustment': { type: 'create', newRecord: at('inventoryadjustment/700') },
  'customer': { type: 'create', newRecord: at('customer/77') },
  'customer-without-address': { type: 'edit', newRecord: at('customer/78') },
  'customer-inline-consent': { type: 'xedit', newRecord: saved('customer', 77, { fields: { globalsubscriptionstatus: '2' }, lists: {} }) },
  'vendor': { type: 'create', newRecord: saved('vendor', 1) },
};

const posted = [];
const logged = [];
let current = '';
const modules = {
  'N/https': { post: ({ url, headers, body }) => { posted.push({ name: current, url, headers, body }); return { code: 200 }; } },
  'N/crypto': {
    HashAlg: { SHA256: 'sha256' },
    createSecretKey: ({ secret: id, encoding }) => {
      if (id !== 'custsecret_plumbline') throw new Error('no such secret');
      return Buffer.from(secret, encoding);
    },
    createHmac: ({ algorithm, key }) => {
      const hmac = createHmac(algorithm, key);
      return { update: ({ input, inputEncoding }) => hmac.update(input, inputEncoding), digest: ({ outputEncoding }) => hmac.digest(outputEncoding) };
    },
  },
  'N/encode': { Encoding: { UTF_8: 'utf8', BASE_64: 'base64' } },
  'N/record': { load: ({ type, id }) => at(`${type}/${id}`) },
  'N/log': { error: (entry) => logged.push({ name: current, ...entry }), audit: () => {} },
};

let deployed;
class Clock extends Date {
  constructor(...args) { super(...(args.length > 0 ? args : [NOW])); }

  static [Symbol.hasInstance](value) { return Object.prototype.toString.call(value) === '[object Date]'; }
}
vm.runInNewContext(readFileSync(script, 'utf8'), {
  Date: Clock,
  define: (names, factory) => { deployed = factory(...names.map((name) => modules[name])); },
});
for (const [name, event] of Object.entries(events)) {
  current = name;
  deployed.afterSubmit({ ...event, UserEventType });
}

// What cannot be sent stops nobody from saving.
const down = modules['N/https'].post;
modules['N/https'].post = () => ({ code: 503 });
current = 'refused';
deployed.afterSubmit({ type: 'create', newRecord: at('customer/77'), UserEventType });
modules['N/https'].post = down;

console.log(JSON.stringify({ posted, logged }));
