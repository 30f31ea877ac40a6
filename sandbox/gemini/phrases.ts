import type { Language } from './material.ts';

/** What a text is for; decided from the name of its property. */
export type Role =
  | 'title'
  | 'reason'
  | 'factor'
  | 'hook'
  | 'pacing'
  | 'picture'
  | 'camera'
  | 'prompt'
  | 'description'
  | 'keyword'
  | 'hashtag'
  | 'narration';

const roles: readonly (readonly [Role, RegExp])[] = [
  ['hashtag', /hashtag/iu],
  ['keyword', /tag|keyword/iu],
  ['title', /title|headline|name/iu],
  ['prompt', /prompt/iu],
  ['camera', /camera|movement|lens/iu],
  ['picture', /picture|scene|visual|image|frame|subject|setting/iu],
  ['narration', /voice|narration|^script|dialog|speech|lyrics/iu],
  ['hook', /hook|opening/iu],
  ['pacing', /pacing|rhythm|tempo/iu],
  ['factor', /factor|strength|point|element|feature|label|mood|style|tone/iu],
  ['description', /description|caption|body|synopsis/iu],
];

export const roleOf = (name: string): Role =>
  roles.find(([, pattern]) => pattern.test(name))?.[0] ?? 'reason';

/** {t}: the topic; {a}, {b}, {c}: words of the material; {n}: a number of it. */
type Bank = Readonly<Record<Role, readonly string[]>>;

const en: Bank = {
  title: [
    'How {t} Turns Into Something You Cannot Look Away From',
    'The Quiet Secret Behind {t} That Nobody Shows You',
    '{t}: One Minute That Changes How You See {a}',
    'I Filmed {t} So Closely That {a} Looks Like Magic',
    'Why Everyone Is Watching {t} This Week',
    '{t}, but the Ending Makes {a} Worth the Wait',
    'Three Details About {t} You Will Notice Only in Slow Motion',
  ],
  reason: [
    'It opens on {t} at its most surprising moment, so the first second already asks a question.',
    'The mix of {a} and {b} feels familiar enough to follow and odd enough to finish.',
    'Viewers get a clear payoff about {t} without any setup, which makes it easy to send to a friend.',
    'The pace stays close to the movement of {a}, and the picture never rests for long.',
    'People comment because {t} leaves one small thing about {b} unexplained.',
  ],
  factor: [
    'hook in the first second',
    'close-ups of {a}',
    'one clear idea: {t}',
    'satisfying ending',
    'natural sound of {b}',
    'fast cuts on the beat',
    'a number people remember',
    'contrast of {a} and {b}',
  ],
  hook: [
    'It begins in the middle of {t}, before anybody has said a word.',
    'The first picture asks what {a} has to do with {b}.',
    'A close look at {a} fills the screen within the first second.',
    'The result of {t} is shown first, so that people stay to see how.',
  ],
  pacing: [
    'A cut every one or two seconds, each one closer to {a}.',
    'One unbroken take that slows down where {b} appears.',
    'Quick cuts at the start, then a calm stretch on {t}.',
    'Short steps in a steady beat, and a still picture at the end.',
  ],
  picture: [
    '{t} fills the frame in soft morning light, every texture of {a} visible.',
    'Hands enter from the left and touch {a}; tiny particles drift through a warm beam.',
    'The background falls into deep blue while {b} glows in the centre.',
    'A single drop runs along {a} and catches the reflection of the room.',
    'Everything stops for a breath, then {t} appears whole for the first time.',
    'Wide view: {t} rests in a calm, uncluttered room with one bright accent of colour.',
  ],
  camera: [
    'Slow push-in from a medium shot to an extreme close-up.',
    'Handheld, eye level, following {a} with a slight delay.',
    'Locked-off top shot, shallow depth of field.',
    'Smooth orbit of ninety degrees around {t}, ending in profile.',
    'Low angle tracking shot, 35 mm lens, gentle rack focus to {b}.',
  ],
  prompt: [
    'Cinematic shot of {t} in soft morning light, rich texture of {a} in the foreground.',
    'The camera pushes in slowly from a medium shot to an extreme close-up, shallow depth of field.',
    'Warm highlights, deep shadows, and tiny particles floating past {b}.',
    'A smooth quarter orbit reveals the whole scene as the motion comes to rest.',
    'Natural colours, realistic movement, no text on screen.',
    'The last frame holds still on {a} while the light fades.',
  ],
  description: [
    'A short look at {t}, told without a single spoken word.',
    'We follow {a} from the first movement to the moment it is done, close enough to see every detail.',
    'Watch for the change in {b} halfway through: most people miss it the first time.',
    'The idea came from videos about {a} that are taking off right now, and this is our own take on it.',
    'If you enjoy calm pictures with a clear ending, stay for the last three seconds.',
    'Tell us in the comments what you would like to see next to {t}.',
    'This video was made with the help of generative tools.',
    'Save it for the next time you need a minute of {c}.',
  ],
  keyword: ['{a}', '{b}', '{c}', '{t}', '{a} video', '{b} ideas', 'short {a}', '{a} {b}'],
  hashtag: ['{a}', '{b}', '{c}', 'shorts', '{t}'],
  narration: [
    'Look closely at {a}.',
    'This is {t}, one breath before it changes.',
    'Nobody planned the part with {b}.',
    'And now you know why it works.',
  ],
};

const zh: Bank = {
  title: [
    '{t}还能这样拍？看到最后一秒才明白{a}的秘密',
    '把{t}放慢十倍，{a}里藏着谁都没注意过的细节',
    '为什么大家都在看{t}？原来关键全在{a}这一步',
    '只用一分钟讲清{t}，看完再也忘不掉{a}',
    '关于{t}的三个瞬间，第二个{a}让人忍不住重看',
    '别急着划走，{t}最好看的其实是{a}安静下来的那一刻',
  ],
  reason: [
    '开头第一秒就给出{t}最意外的画面，让人想知道接下来会发生什么。',
    '{a}和{b}的搭配既熟悉又新鲜，观众愿意看到最后。',
    '不需要铺垫就能看懂{t}，很适合转发给朋友。',
    '节奏紧跟{a}的变化，画面几乎没有停顿。',
    '关于{b}留了一个小小的悬念，评论区自然热闹起来。',
  ],
  factor: [
    '第一秒的悬念',
    '{a}特写',
    '主题单一：{t}',
    '结尾有满足感',
    '{b}的真实声音',
    '卡点剪辑',
    '{a}与{b}的反差',
    '容易模仿',
  ],
  hook: [
    '一开场就直接进入{t}，没有任何铺垫。',
    '第一个画面就让人好奇{a}和{b}有什么关系。',
    '第一秒用{a}的特写占满画面。',
    '先给出{t}的结果，让人留下来看过程。',
  ],
  pacing: [
    '一两秒一个镜头，逐步贴近{a}。',
    '一镜到底，在{b}出现时慢下来。',
    '开头剪辑很快，随后在{t}上停留。',
    '节拍稳定，步骤短小，结尾定格。',
  ],
  picture: [
    '清晨柔和的光线里，{t}占满画面，{a}的纹理清晰可见。',
    '一双手从左侧入画，轻触{a}，细小的尘粒在暖光中飘动。',
    '背景沉入深蓝，只有{b}在画面中央微微发亮。',
    '一滴水沿着{a}滑落，映出整个房间。',
    '一切静止一瞬，随后{t}第一次完整出现。',
    '大全景：{t}安静地摆在干净的空间里，只有一处亮色点缀。',
  ],
  camera: [
    '镜头由中景缓慢推进到大特写。',
    '手持平视跟拍{a}，略带延迟。',
    '固定俯拍，浅景深。',
    '环绕{t}平滑移动九十度，停在侧面。',
    '低角度跟随，35毫米镜头，焦点缓缓移向{b}。',
  ],
  prompt: [
    '电影感画面：清晨柔光中的{t}，前景是{a}细腻的纹理。',
    '镜头由中景缓慢推进到大特写，浅景深，焦点稳稳落在主体上。',
    '高光温暖，暗部深沉，细小的尘粒从{b}旁边飘过。',
    '随后镜头平滑环绕四分之一圈，动作停下时完整呈现整个场景。',
    '色彩自然，动作真实，画面中没有任何文字。',
    '最后一帧停在{a}上，光线慢慢暗下去。',
    '整体节奏舒缓，声音只有环境音与轻微的触碰声。',
  ],
  description: [
    '用一分钟看完{t}，全程没有一句旁白。',
    '我们从第一个动作开始跟拍{a}，近到能看清每一处细节，直到它安静地完成。',
    '注意中间{b}的变化，大多数人第一遍都会错过。',
    '灵感来自最近正在上升的{a}类视频，这里是我们自己的拍法。',
    '如果你喜欢安静的画面和清楚的结尾，请一定看到最后三秒。',
    '欢迎在评论区告诉我们，除了{t}你还想看什么。',
    '先收藏，下次需要放松一分钟的时候再打开。',
    '画面里没有多余的字幕，声音也只留下{b}本来的样子。',
    '前三秒先别眨眼，{a}的第一个变化来得比想象中快。',
    '中段的节奏会慢下来，让你看清{c}是怎样一点点变成主角的。',
    '结尾停在最干净的一帧，适合截图，也适合循环播放。',
    '如果你也拍过类似的{a}，把你的版本发给我们，下一期一起看。',
    '想看更长的版本，或者想换一个角度，直接留言就好。',
    '本视频在制作中使用了生成式工具。',
    '每一个镜头都围绕{c}展开，没有多余的转场，也没有夸张的特效。',
    '看懂了吗？真正让人停下来的，往往是{a}最普通的那一下。',
  ],
  keyword: ['{a}', '{b}', '{c}', '{t}', '{a}视频', '{b}教程', '{a}日常', '{c}分享'],
  hashtag: ['{a}', '{b}', '{c}', '短视频', '{t}'],
  narration: [
    '仔细看{a}。',
    '这就是{t}，变化之前的最后一秒。',
    '{b}那一下，谁也没有安排。',
    '现在你知道它为什么好看了。',
  ],
};

export const banks: Readonly<Record<Language, Bank>> = { en, zh };

/** How long a text of this role is when nobody says. */
export const usualLength: Readonly<Record<Role, { low: number; high: number }>> = {
  title: { low: 15, high: 80 },
  reason: { low: 40, high: 200 },
  factor: { low: 2, high: 40 },
  hook: { low: 10, high: 120 },
  pacing: { low: 10, high: 120 },
  picture: { low: 20, high: 160 },
  camera: { low: 8, high: 120 },
  prompt: { low: 100, high: 300 },
  description: { low: 120, high: 400 },
  keyword: { low: 2, high: 30 },
  hashtag: { low: 2, high: 30 },
  narration: { low: 10, high: 120 },
};
