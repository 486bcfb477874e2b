use super::check;

#[test]
fn compiled_typescript() {
    let code = r#""use strict";
var __importDefault = (this && this.__importDefault) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };
var __importStar = (this && this.__importStar) || (function () { return function (mod) { if (mod && mod.__esModule) return mod; var result = {}; if (mod != null) for (var k in mod) result[k] = mod[k]; return result; }; })();
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {
    return new (P || (P = Promise))(function (resolve, reject) { step((generator = generator.apply(thisArg, _arguments || [])).next()); });
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = void 0;
const client_s3_1 = require("@aws-sdk/client-s3");
const aws_sdk_1 = __importDefault(require("aws-sdk"));
const sqs = __importStar(require("@aws-sdk/client-sqs"));
const client = new client_s3_1.S3Client({});
const handler = (event) => __awaiter(void 0, void 0, void 0, function* () {
    yield client.send(new client_s3_1.GetObjectCommand({ Bucket: process.env.BUCKET, Key: 'k' }));
    yield new aws_sdk_1.default.SNS().publish({ TopicArn: 't' }).promise();
    yield (0, sqs.SQSClient) && new sqs.SQSClient({}).send(new sqs.PurgeQueueCommand({ QueueUrl: 'q' }));
});
exports.handler = handler;
"#;
    check(
        &[("index.js", code)],
        &[
            "s3.GetObject(Bucket=${Bucket}, Key=k)",
            "sns.Publish(TopicArn=t)",
            "sqs.PurgeQueue(QueueUrl=q)",
        ],
    );
}

#[test]
fn bundled_by_esbuild() {
    let code = r#"
var __defProp = Object.defineProperty; var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() { return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports; };
var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? {} : {}, __copyProps(target, mod));
var __copyProps = (to, from) => { for (let key of __getOwnPropNames(from)) __defProp(to, key, { get: () => from[key] }); return to; };
var require_store = __commonJS({ "src/store.js"(exports2, module2) { var { S3 } = require("@aws-sdk/client-s3"); module2.exports = { list: (Bucket) => new S3().listObjectsV2({ Bucket }) }; } });
var index_exports = {};
__export(index_exports, { handler: () => handler });
module.exports = __toCommonJS(index_exports);
var import_client_sqs = require("@aws-sdk/client-sqs");
var import_store = __toESM(require_store());
var handler = async () => { await import_store.default.list(process.env.BUCKET); await new import_client_sqs.SQS({}).purgeQueue({ QueueUrl: "q" }); };
0 && (module.exports = { handler });
"#;
    check(
        &[("index.js", code)],
        &["s3.ListObjectsV2(Bucket=${Bucket})", "sqs.PurgeQueue(QueueUrl=q)"],
    );
}

#[test]
fn bundled_by_webpack() {
    let code = r#"
(()=>{"use strict";var e={17:(e,t,n)=>{n.r(t),n.d(t,{list:()=>r});const o=n(42);const r=e=>(new o.S3).listObjectsV2({Bucket:e})},42:e=>{e.exports=require("@aws-sdk/client-s3")}},t={};
function n(o){var r=t[o];if(void 0!==r)return r.exports;var s=t[o]={exports:{}};return e[o](s,s.exports,n),s.exports}
n.d=(e,t)=>{for(var o in t)n.o(t,o)&&!n.o(e,o)&&Object.defineProperty(e,o,{enumerable:!0,get:t[o]})},n.o=(e,t)=>Object.prototype.hasOwnProperty.call(e,t),n.r=e=>{Object.defineProperty(e,"__esModule",{value:!0})};
var o={};n.r(o),n.d(o,{handler:()=>s});var r=n(17);const s=async()=>{await(0,r.list)(process.env.BUCKET)};module.exports=o})();
"#;
    check(&[("index.js", code)], &["s3.ListObjectsV2(Bucket=${Bucket})"]);
}
