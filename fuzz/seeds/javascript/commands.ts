import { S3Client, GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import * as lib from "./lib";
export * from "./lib";
enum Kind { A = "a", B }
class Store<T> {
  static #tables: Record<string, string> = { a: process.env.TABLE! };
  constructor(private readonly client: S3Client, readonly bucket = `b-${Kind.A}`) {}
  get name() { return this.bucket; }
  async read({ Key = "k", ...rest }: { Key?: string }) {
    return this.client.send(new GetObjectCommand({ Bucket: this.name, Key, ...rest }));
  }
}
export const handler = async (event: any): Promise<unknown> => {
  const store = new Store(new S3Client({}));
  switch (event.kind) { case Kind.A: await store.read({}); default: await store.read(event); }
  for await (const page of paginateListObjectsV2({ client: new S3Client() }, { Bucket: "b" })) console.log(page);
  try { return await Promise.all([1, 2].map((i) => store.read({ Key: `${i}` }))); } catch ({ message }) { throw message; }
};
