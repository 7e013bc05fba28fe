// Reads and writes with Microsoft's own clients for JavaScript, so that not both sides of the wire are ours.
// usage: node crosscheck.mjs <read-table|write-table|read-blob|write-blob> <connection string> <table or container>
import { TableClient } from "@azure/data-tables";
import { BlobServiceClient } from "@azure/storage-blob";

const [action, connection, name] = process.argv.slice(2);
const table = () => TableClient.fromConnectionString(connection, name, { allowInsecureConnection: true });
const container = () => BlobServiceClient.fromConnectionString(connection).getContainerClient(name);
const blobName = "it's/ไทย 😀+%&.txt";

const actions = {
  async "read-table"() {
    const rows = [];
    for await (const row of table().listEntities({ disableTypeConversion: true })) {
      for (const key of Object.keys(row)) {
        if (row[key]?.value instanceof Uint8Array) {
          row[key].value = Buffer.from(row[key].value).toString("base64");
        }
      }
      rows.push(row);
    }
    return rows;
  },

  async "write-table"() {
    const partitionKey = "it's+%&=\"ไทย 😀";
    await table().submitTransaction([
      ["create", {
        partitionKey,
        rowKey: "all",
        Text: "Ünïcode ไทย 😀 \"quoted\"\r\n",
        Flag: true,
        Int: -5,
        Long: { type: "Int64", value: "9223372036854775807" },
        Double: { type: "Double", value: "0.1" },
        WholeDouble: { type: "Double", value: "5" },
        Instant: { type: "DateTime", value: "2023-07-31T16:59:59.1234567Z" },
        Id: { type: "Guid", value: "9d5d1c2e-1111-2222-3333-444455556666" },
        Bytes: Uint8Array.from([0, 1, 254, 255]),
      }],
      ["upsert", { partitionKey, rowKey: "other" }, "Replace"],
    ]);
    return {};
  },

  async "read-blob"() {
    const blob = container().getBlobClient(blobName);
    const download = await blob.download();
    const chunks = [];
    for await (const chunk of download.readableStreamBody) {
      chunks.push(chunk);
    }
    const names = [];
    for await (const item of container().listBlobsFlat({ prefix: "it's/" })) {
      names.push(item.name);
    }
    const content = Buffer.concat(chunks);
    return {
      names,
      length: content.length,
      start: content.subarray(0, 8).toString("hex"),
      end: content.subarray(-8).toString("hex"),
      contentType: download.contentType,
      metadata: download.metadata,
      etag: download.etag,
    };
  },

  async "write-blob"() {
    const content = Buffer.from("written elsewhere, ไทย");
    await container().getBlockBlobClient(blobName).uploadData(content, {
      blobHTTPHeaders: { blobContentType: "text/plain; charset=utf-8" },
      metadata: { Nominee: "n-1" },
    });
    return {};
  },
};

console.log(JSON.stringify(await actions[action]()));
