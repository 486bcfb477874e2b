use super::{check, check_in};

const STORE: &str = "const { S3 } = require('@aws-sdk/client-s3'); exports.list = (Bucket) => new S3().listObjectsV2({ Bucket });";

#[test]
fn commonjs() {
    check(
        &[
            ("index.js", "const lib = require('./lib'); const { list } = require('./lib/store'); const table = require('./tables.json');
              async function run() { await list('a'); await lib.store.list(table.name); await lib.again(); require('./late')(); }
              module.exports = { handler: run };"),
            ("lib/index.js", "exports.store = require('./store'); Object.assign(exports, require('./more'));"),
            ("lib/store.js", STORE),
            ("lib/more.js", "const lib = require('.'); module.exports.again = () => lib.store.list('cyclic');"),
            ("late.js", "module.exports = () => require('./lib').store.list('late');"),
            ("tables.json", "{\"name\": \"from-json\"}"),
        ],
        &[
            "s3.ListObjectsV2(Bucket=a)",
            "s3.ListObjectsV2(Bucket=from-json)",
            "s3.ListObjectsV2(Bucket=cyclic)",
            "s3.ListObjectsV2(Bucket=late)",
        ],
    );
}

#[test]
fn modules() {
    check(
        &[
            ("index.ts", "import main, { read as again, S3 } from './lib/index.js'; import type { Nothing } from './types';
              import * as all from './lib'; const handle = async () => { await main('a'); await again('b'); await all.deep.read('c');
              await new S3({}).listBuckets({}); const { read } = await import('./lib/read'); await read('d'); };
              export { handle as handler };"),
            ("types.ts", "export interface Nothing {}"),
            ("lib/index.ts", "export * from './read'; export * as deep from './read'; export { default } from './read'; export * from '@aws-sdk/client-s3';"),
            ("lib/read.ts", "import { S3 } from '@aws-sdk/client-s3'; const s3 = new S3({});
              export async function read(Bucket: string) { return s3.headBucket({ Bucket }); } export default read;"),
        ],
        &[
            "s3.HeadBucket(Bucket=a)",
            "s3.HeadBucket(Bucket=b)",
            "s3.HeadBucket(Bucket=c)",
            "s3.ListBuckets()",
            "s3.HeadBucket(Bucket=d)",
        ],
    );
}

#[test]
fn aliases_workspaces_and_layers() {
    check_in(
        &["functions/one", "layers/shared"],
        "dist/index.handler",
        &[
            ("package.json", "{\"workspaces\": [\"packages/*\"]}"),
            ("packages/common/package.json", "{\"name\": \"@acme/common\", \"main\": \"dist/index.js\", \"exports\": {\".\": {\"import\": \"./dist/index.js\"}, \"./*\": \"./src/*.js\"}}"),
            ("packages/common/src/index.ts", STORE),
            ("packages/common/src/extra.ts", STORE),
            ("functions/one/tsconfig.json", "{ // comments are allowed\n \"extends\": \"./tsconfig.base.json\" }"),
            ("functions/one/tsconfig.base.json", "{\"compilerOptions\": {\"baseUrl\": \".\", \"paths\": {\"@lib/*\": [\"src/lib/*\"]}}}"),
            ("functions/one/src/lib/store.ts", STORE),
            ("functions/one/src/index.ts", "import { list } from '@lib/store'; import { list as second } from '@acme/common'; import { list as extra } from '@acme/common/extra';
              import { list as third } from '/opt/nodejs/store'; import { list as fourth } from 'layered';
              export const handler = async () => { await list('1'); await second('2'); await extra('2b'); await third('3'); await fourth('4'); };"),
            ("layers/shared/nodejs/store.js", STORE),
            ("layers/shared/nodejs/node_modules/layered/package.json", "{\"main\": \"./main\"}"),
            ("layers/shared/nodejs/node_modules/layered/main.js", STORE),
        ],
        &[
            "s3.ListObjectsV2(Bucket=1)",
            "s3.ListObjectsV2(Bucket=2)",
            "s3.ListObjectsV2(Bucket=2b)",
            "s3.ListObjectsV2(Bucket=3)",
            "s3.ListObjectsV2(Bucket=4)",
        ],
    );
}

#[test]
fn bad_input() {
    check(&[("other.js", "")], &["not read: there is no file for the handler `index.handler`"]);
    check(&[("index.js", "exports.other = 1")], &["not read: `index.js` has no `handler`"]);
    check_in(
        &["code"],
        "../../outside.handler",
        &[("code/index.js", "")],
        &["not read: there is no file for the handler `../../outside.handler`"],
    );
    check(
        &[("index.js", "const x = require('./absent'); exports.handler = () => x.putObject({})")],
        &[
            "x.putObject({}): the receiver is not known: there is no file for `./absent`",
            "problem: there is no file for `./absent`",
        ],
    );
    check(
        &[("index.js", "exports.handler = () => {\n  const x = ;\n}")],
        &["not read: `index.js` has no `handler`", "problem: syntax error: unexpected token"],
    );
}

#[test]
fn classes_from_other_files() {
    check(
        &[
            ("index.ts", "import { Base } from './base'; import { Injectable } from '@nestjs/common';
              @Injectable() class Store extends Base { constructor() { super('b'); } }
              export const handler = async () => new Store().list();"),
            ("base.ts", "import { S3 } from '@aws-sdk/client-s3';
              export abstract class Base { private s3 = new S3({}); constructor(private bucket: string) {}
                list() { return this.s3.listObjectsV2({ Bucket: this.bucket }); } }"),
        ],
        &["s3.ListObjectsV2(Bucket=b)"],
    );
}
