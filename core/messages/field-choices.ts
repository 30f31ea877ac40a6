import { purposes } from '../account/purposes.ts';
import { packIds, planIds } from '../plan/catalogue.ts';
import { videoModels } from '../video/models.ts';
import type { Locale } from './catalogue.ts';
import { productName } from './plan-words.ts';
import { purposeWords } from './account.ts';

type Both = Readonly<Record<Locale, string>>;

const lengths: Readonly<Record<string, Both>> = {
  15: { en: '15 s · quick test', zh: '15 秒 · 快速测试' },
  30: { en: '30 s · recommended', zh: '30 秒 · 推荐' },
  60: { en: '60 s · full story', zh: '60 秒 · 完整内容' },
};

const models: Readonly<Record<string, Both>> = Object.fromEntries(
  Object.values(videoModels).map(({ id, label, grades: { speed, quality, cost } }) => {
    const text = `${label} ${'⚡'.repeat(speed)} ${'⭐'.repeat(quality)} ${'💰'.repeat(cost)}`;
    return [id, { en: text, zh: text }];
  }),
);

/** Labels of the values of a field, by field (or operation and field) and value. */
export const choices: Readonly<Record<string, Readonly<Record<string, Both>>>> = {
  access: {
    upload: { en: 'Upload and read', zh: '上传和读取' },
    manage: { en: 'Change what is there as well', zh: '也可以修改已有内容' },
  },
  days: {
    7: { en: 'Last 7 days', zh: '最近 7 天' },
    30: { en: 'Last 30 days', zh: '最近 30 天' },
    90: { en: 'Last 90 days', zh: '最近 90 天' },
  },
  every_hours: {
    6: { en: 'Every 6 hours', zh: '每 6 小时' },
    12: { en: 'Every 12 hours', zh: '每 12 小时' },
    24: { en: 'Once a day', zh: '每天一次' },
  },
  format: {
    csv: { en: 'CSV, for spreadsheets', zh: 'CSV（电子表格）' },
    json: { en: 'JSON, for programs', zh: 'JSON（程序）' },
  },
  locale: {
    en: { en: 'English', zh: 'English' },
    zh: { en: '中文', zh: '中文' },
    person: { en: 'That of whoever asks', zh: '跟随提问者' },
  },
  fit: {
    crop: { en: 'Crop to fill', zh: '裁剪填满' },
    pad: { en: 'Pad with blurred edges', zh: '模糊背景补全' },
  },
  model: models,
  pace: {
    calm: { en: 'Calm', zh: '舒缓' },
    steady: { en: 'Steady', zh: '适中' },
    fast: { en: 'Fast', zh: '明快' },
  },
  pays: {
    person: { en: 'Each person', zh: '各人自付' },
    server: { en: "The server's wallet", zh: '服务器钱包' },
  },
  product: Object.fromEntries(
    [...planIds, ...packIds].map((id) => [
      id,
      { en: productName(id, 'en'), zh: productName(id, 'zh') },
    ]),
  ),
  privacy: {
    private: { en: 'Private', zh: '私享' },
    unlisted: { en: 'Unlisted', zh: '不公开' },
    public: { en: 'Public', zh: '公开' },
  },
  purpose: Object.fromEntries(
    purposes.map((id) => [id, { en: purposeWords.en[id], zh: purposeWords.zh[id] }]),
  ),
  seconds: lengths,
  shape: {
    '9:16': { en: 'Upright 9:16', zh: '竖屏 9:16' },
    '16:9': { en: 'Wide 16:9', zh: '横屏 16:9' },
    '1:1': { en: 'Square 1:1', zh: '方形 1:1' },
  },
  style: {
    auto: { en: 'As the prompt says', zh: '按提示词' },
    realistic: { en: 'Realistic', zh: '写实' },
    cinematic: { en: 'Cinematic', zh: '电影感' },
    animation: { en: 'Animation', zh: '动画' },
    '3d': { en: '3D', zh: '三维' },
    minimal: { en: 'Minimal', zh: '极简' },
    vintage: { en: 'Vintage', zh: '复古' },
    tech: { en: 'Technology', zh: '科技感' },
  },
  tone: {
    auto: { en: 'As the prompt says', zh: '按提示词' },
    natural: { en: 'Natural', zh: '自然' },
    warm: { en: 'Warm', zh: '暖色' },
    cool: { en: 'Cool', zh: '冷色' },
    vivid: { en: 'Vivid', zh: '鲜艳' },
    dark: { en: 'Dark', zh: '暗调' },
    pastel: { en: 'Pastel', zh: '粉彩' },
    neon: { en: 'Blue and purple neon', zh: '蓝紫霓虹' },
  },
  thumbnail: {
    automatic: { en: 'YouTube picks it', zh: '由 YouTube 选取' },
    first_frame: { en: 'The first frame', zh: '视频首帧' },
    own: { en: 'My own picture', zh: '我的图片' },
    generated: { en: 'A frame with the title on it', zh: '画面加标题' },
  },
  visibility: {
    everyone: { en: 'Everybody in the channel', zh: '频道中的所有人' },
    person: { en: 'Only who asked', zh: '仅提问者本人' },
  },
  voice: {
    off: { en: 'No voice', zh: '无配音' },
    female: { en: 'Female voice', zh: '女声' },
    male: { en: 'Male voice', zh: '男声' },
  },
};
