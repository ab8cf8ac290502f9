/**
 * Reports what was saved to Plumbline, as a Standard Webhook.
 *
 * Deploy it on each record type that RECORDS or STOCK names, for all roles and all
 * execution contexts that change records: user interface, CSV import, web
 * services, other scripts. docs/platforms/netsuite.md says how.
 *
 * It never stops a record from being saved, and nothing is sent again: what could
 * not be sent is in the script's log, and a nightly snapshot mends it.
 *
 * @NApiVersion 2.1
 * @NScriptType UserEventScript
 * @NModuleScope SameAccount
 */
define(['N/https', 'N/crypto', 'N/encode', 'N/record', 'N/log'], (https, crypto, encode, record, log) => {
  // The system's address, and the id of the API secret that holds what stands
  // behind "whsec_" in the system's secret.
  const ADDRESS = 'https://hooks.acme.example/hooks/erp';
  const SECRET = 'custsecret_plumbline';

  // What is reported of each record type. A field of "identity" is what others
  // know the record by: when an inline edit changes it, the record is sent whole.
  const ITEM = {
    fields: ['itemid', 'upccode', 'isinactive'],
    price: { sublist: 'price1', field: 'price_1_' },
    lists: { locations: ['locationid', 'quantityonhand', 'quantityavailable', 'quantitycommitted'] },
    identity: ['itemid'],
    inline: true,
  };
  const CREDIT = { fields: ['otherrefnum', 'createdfrom', 'total', 'taxtotal', 'currency'], dates: ['trandate'], lists: {} };
  const RECORDS = {
    salesorder: {
      fields: ['otherrefnum', 'orderstatus', 'total', 'taxtotal', 'shippingcost', 'discounttotal', 'currency', 'createddate'],
      lists: { item: ['item', 'quantity', 'quantityfulfilled', 'isclosed'] },
      identity: ['otherrefnum'],
      inline: true,
    },
    itemfulfillment: {
      fields: ['createdfrom', 'shipstatus'],
      dates: ['trandate'],
      lists: { package: ['packagetrackingnumber'], item: ['item', 'quantity'] },
    },
    creditmemo: CREDIT,
    cashrefund: CREDIT,
    inventoryitem: ITEM,
    assemblyitem: ITEM,
    customer: {
      fields: ['email', 'isperson', 'globalsubscriptionstatus'],
      lists: {},
      identity: ['email'],
      inline: true,
    },
  };

  // Transactions move stock and save no item, so that the items on them are
  // reported too. Loading costs governance: more than MOST are left to the snapshot.
  const STOCK = {
    salesorder: 'item', itemfulfillment: 'item', itemreceipt: 'item', cashsale: 'item',
    inventoryadjustment: 'inventory', inventorytransfer: 'inventory',
  };
  const KEPT = { InvtPart: 'inventoryitem', Assembly: 'assemblyitem' };
  const MOST = 20;

  const two = (n) => String(n).padStart(2, '0');

  // Numbers travel as texts, so that nobody reads them as floats. NetSuite writes
  // no value as an empty text.
  const written = (value) => {
    if (value === undefined || value === null || value === '') return null;
    if (value instanceof Date) return value.toISOString();
    return typeof value === 'boolean' ? value : String(value);
  };

  const day = (value) => (value instanceof Date
    ? `${value.getFullYear()}-${two(value.getMonth() + 1)}-${two(value.getDate())}`
    : written(value));

  const rows = (saved, sublist, columns) => {
    const all = [];
    for (let line = 0; line < saved.getLineCount({ sublistId: sublist }); line += 1) {
      const row = {};
      for (const column of columns) {
        row[column] = written(saved.getSublistValue({ sublistId: sublist, fieldId: column, line }));
      }
      all.push(row);
    }
    return all;
  };

  const whole = (saved, event) => {
    const what = RECORDS[saved.type];
    const fields = {};
    for (const field of what.fields) fields[field] = written(saved.getValue({ fieldId: field }));
    for (const field of what.dates || []) fields[field] = day(saved.getValue({ fieldId: field }));
    if (what.price && saved.getLineCount({ sublistId: what.price.sublist }) > 0) {
      fields.baseprice = written(saved.getSublistValue({ sublistId: what.price.sublist, fieldId: what.price.field, line: 0 }));
    }
    const lists = {};
    for (const sublist of Object.keys(what.lists)) lists[sublist] = rows(saved, sublist, what.lists[sublist]);
    return { type: saved.type, id: String(saved.id), event, fields, lists };
  };

  const stored = (type, id) => whole(record.load({ type, id }), 'whole');

  // An inline edit has the fields that it changed, and no others.
  const inline = (changed) => {
    const what = RECORDS[changed.type];
    const names = changed.getFields();
    if (!what.inline || what.identity.some((field) => names.includes(field))) return stored(changed.type, changed.id);
    const fields = {};
    for (const field of what.fields) {
      if (names.includes(field)) fields[field] = written(changed.getValue({ fieldId: field }));
    }
    return { type: changed.type, id: String(changed.id), event: 'inline', fields, lists: {} };
  };

  const touched = (saved) => {
    const sublist = STOCK[saved.type];
    const items = new Map();
    for (let line = 0; sublist && line < saved.getLineCount({ sublistId: sublist }); line += 1) {
      const at = (fieldId) => saved.getSublistValue({ sublistId: sublist, fieldId, line });
      const type = sublist === 'inventory' ? 'inventoryitem' : KEPT[at('itemtype')];
      const id = at('item');
      if (type && id) items.set(String(id), type);
    }
    if (items.size > MOST) log.audit({ title: 'Plumbline', details: `${items.size - MOST} items left to the snapshot` });
    return [...items].slice(0, MOST).map(([id, type]) => stored(type, id));
  };

  const changes = (context) => {
    const types = context.UserEventType;
    const saved = context.type === types.DELETE ? context.oldRecord : context.newRecord;
    if (context.type === types.XEDIT) return RECORDS[saved.type] ? [inline(saved)] : [];
    const own = [];
    if (RECORDS[saved.type]) {
      own.push(context.type === types.DELETE ? whole(saved, 'deleted') : stored(saved.type, saved.id));
    }
    return own.concat(touched(saved));
  };

  // Only ASCII, so that no encoding on the way changes a byte of what was signed.
  const ascii = (text) => text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

  const send = (records) => {
    const now = new Date();
    const stamp = String(Math.floor(now.getTime() / 1000));
    const id = `${records[0].type}-${records[0].id}-${now.getTime()}`;
    const body = ascii(JSON.stringify({ type: 'netsuite.records', at: now.toISOString(), records }));
    const key = crypto.createSecretKey({ secret: SECRET, encoding: encode.Encoding.BASE_64 });
    const hmac = crypto.createHmac({ algorithm: crypto.HashAlg.SHA256, key });
    hmac.update({ input: `${id}.${stamp}.${body}`, inputEncoding: encode.Encoding.UTF_8 });
    const signature = hmac.digest({ outputEncoding: encode.Encoding.BASE_64 });
    const answer = https.post({
      url: ADDRESS,
      headers: {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': stamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    });
    if (answer.code < 200 || answer.code > 299) throw new Error(`answered ${answer.code}`);
  };

  const afterSubmit = (context) => {
    try {
      const records = changes(context);
      if (records.length > 0) send(records);
    } catch (e) {
      log.error({ title: 'Plumbline', details: `${e.name}: ${e.message}` });
    }
  };

  return { afterSubmit };
});
