const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** Words that say nothing about a subject, as `stemOf` leaves them. */
export const stopWords = list(`
  a about after again all also am an and any are aren arent around as at away be because been before
  being both but by can cannot cant come could couldnt did didnt do does doesnt doing dont down each
  else ever every few for from get go going got had has have having he her here hers herself him
  himself his how i if im in into is isnt it its itself just let lets like made make making many me
  more most much my myself never no nor not now of off on once one only or other our out over own
  same say she should so some still such than that the their them then there these they thing this
  those through to too two three under until up upon us very was we were what when where which while
  who whom why will with without wont would you your yours yourself via etc s t ll ve re d m
`);

/** What nearly every prompt says about picture, camera, light and rhythm, as `stemOf` leaves it. */
export const filmWords = list(`
  ambient angle background backdrop beat blue blur bokeh bright brisk camera cinematic clean clear
  close closeup closing closer color colour composition contrast crisp cut dark deep depth detail
  dim dolly drift drone edge end ending extreme fade field film final focus follow footage
  foreground frame framing gentle glide glow golden half hand handheld hard hero highlight hold hook
  image key last lens light lighting lit locked long loop low macro medium middle minute mood morning
  motion move movement natural neutral open opening orbit overhead pace pale palette pan particle
  photoreal picture plain portrait pull push quick quiet quarter rack realistic rest reveal rhythm
  rich rim scene screen second sequence shadow shallow sharp short shot simple slow slowly smooth
  soft sound static steady step still strong subject subtle sweep sweeping tempo text texture tight
  tilt tone top tracking transition travel turn vertical video view violet vivid warm whole wide
  window zoom
`);

/** The same in Chinese; longer ones first, because they are looked for in this order. */
export const filmPhrases = [
  `电影感画面 没有任何文字 特写镜头 缓慢推进 缓缓推进 平稳推进 手持镜头 慢动作 电影感 短视频 大特写 浅景深
   大全景 四分之一 微距 特写 镜头 推进 拉远 拉近 环绕 跟拍 跟随 俯拍 俯视 航拍 仰拍 平移 摇移 定格 中景 近景
   远景 全景 景深 焦点 对焦 虚化 前景 背景 画面 场景 构图 光线 光影 柔光 逆光 侧光 轮廓光 自然光 暖光 冷光 高光
   暗部 阴影 色调 色彩 配色 暖色 冷色 氛围 质感 纹理 细节 细腻 节奏 转场 剪辑 音效 环境音 开场 开头 结尾 最后
   随后 然后 接着 整体 主体 主题 视频 一支 秒的 柔和 明亮 温暖 清晰 清楚 清晨 自然 真实 缓慢 缓缓 慢慢 平稳
   平滑 流畅 紧凑 舒缓 简洁 有力 干净 文字 字幕 竖屏 横屏 一帧 一幕 依次 展示 呈现 突出`,
]
  .join(' ')
  .trim()
  .split(/\s+/u);

/** Characters that join others and say nothing by themselves. */
export const joiningCharacters: ReadonlySet<string> = new Set(
  '的了着过地得在是和与及而并就都也还很又再到把被给让从向以为于其之这那个们吗呢吧啊呀一',
);

/** Words that tell that a text speaks of pictures, light or a camera. */
export const pictureSigns = {
  en: /\b(?:camera|lens|shots?|close[- ]?ups?|zoom|pan(?:s|ning)?|tilt|dolly|drone|macro|frame[sd]?|framing|scenes?|foreground|background|light(?:s|ing)?|lit|glow\w*|shadow\w*|colou?rs?|palette|cinematic|slow[- ]motion|time[- ]?lapse|angle|focus|blur\w*|bokeh|sun(?:light|set|rise)|neon|footage|wide|handheld|tracking|silhouette\w*|tones?)\b/u,
  zh: /镜头|特写|画面|光|景|色调|色彩|推进|拉远|跟拍|俯拍|航拍|慢动作|微距|构图|虚化|阴影|氛围|定格|拍摄|霓虹|夕阳/u,
} as const;
