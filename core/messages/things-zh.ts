const things = new Map([
  ['trend', '爆款'],
  ['search', '搜索'],
  ['video', '视频'],
  ['quote', '报价'],
  ['channel', '频道'],
  ['publication', '发布'],
  ['file', '文件'],
  ['watch', '监测'],
  ['token', '令牌'],
  ['link', '链接'],
]);
/** What a thing of the schemas is called; one without a name stands for itself. */
export const thing = (name: string): string => things.get(name) ?? name;

const statuses = new Map([
  ['drafted', '草稿'],
  ['draft', '草稿'],
  ['queued', '排队中'],
  ['generating', '生成中'],
  ['assembling', '合成中'],
  ['ready', '已就绪'],
  ['failed', '失败'],
  ['cancelled', '已取消'],
  ['scheduled', '已排期'],
  ['uploading', '上传中'],
  ['processing', '处理中'],
  ['live', '已上线'],
  ['open', '未接受'],
  ['unconfirmed', '待确认'],
]);
/** What a state of the schemas is called; one without a name stands for itself. */
export const state = (name: string): string => statuses.get(name) ?? name;
