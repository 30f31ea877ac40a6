import { h, icon, linkTo, safeAddress } from './dom.js';
import { drawMarkdown } from './markdown-view.js';

/**
 * Draws the components of one message: Discord's version 2 and the older rows alike. `edited` goes
 * after the words that stand last; a card shows by itself that it has moved on.
 */
export function drawComponents(message, look, edited) {
  const components = message.components ?? [];
  return components.map((component) => {
    const drawn = drawComponent(component, message, look);
    const isLastText = component.type === 10 && component === components.at(-1);
    return edited && isLastText ? h('div', { class: 'content' }, drawn, edited) : drawn;
  });
}

export function drawComponent(component, message, look) {
  const draw = drawers[component.type];
  return draw ? draw(component, message, look) : undefined;
}

const drawers = {
  1: (row, message, look) =>
    h(
      'div',
      { class: 'row' },
      row.components.map((child) => drawComponent(child, message, look)),
    ),
  2: drawButton,
  3: drawSelect,
  5: drawSelect,
  6: drawSelect,
  7: drawSelect,
  8: drawSelect,
  9: (section, message, look) =>
    h(
      'div',
      { class: 'section' },
      h(
        'div',
        { class: 'section-text' },
        section.components.map((child) => drawComponent(child, message, look)),
      ),
      h('div', { class: 'accessory' }, drawComponent(section.accessory, message, look)),
    ),
  10: (text, _message, look) => drawMarkdown(text.content, look),
  11: (thumbnail, message, look) =>
    h('div', { class: 'thumbnail' }, drawMedia(thumbnail, message, look)),
  12: (gallery, message, look) =>
    h(
      'div',
      { class: `gallery count-${Math.min(gallery.items.length, 10)}` },
      gallery.items.map((item) => drawMedia(item, message, look)),
    ),
  13: (file, message, look) => drawFile(mediaOf(file.file, message), file.spoiler, look),
  14: (separator) =>
    h('div', {
      class: `separator${separator.spacing === 2 ? ' large' : ''}${separator.divider === false ? ' bare' : ''}`,
      role: separator.divider === false ? undefined : 'separator',
    }),
  17: (container, message, look) =>
    h(
      'div',
      {
        class: `container${container.spoiler ? ' covered' : ''}`,
        css:
          container.accent_color === null || container.accent_color === undefined
            ? {}
            : { '--accent': colour(container.accent_color) },
        'data-do': container.spoiler ? 'spoiler' : undefined,
      },
      container.components.map((child) => drawComponent(child, message, look)),
    ),
};

export function colour(number) {
  return `#${number.toString(16).padStart(6, '0')}`;
}

const buttonStyles = {
  1: 'primary',
  2: 'secondary',
  3: 'success',
  4: 'danger',
  5: 'link',
  6: 'premium',
};

function drawButton(button, message, look) {
  const style = buttonStyles[button.style] ?? 'secondary';
  const label = [drawEmoji(button.emoji), button.label ? h('span', {}, button.label) : undefined];
  const name = button.label ? undefined : (button.emoji?.name ?? look.words.submit);
  if (button.style === 5) {
    return h(
      'a',
      {
        class: 'button link',
        ...(button.disabled ? {} : linkTo(button.url)),
        'aria-disabled': button.disabled ? 'true' : undefined,
        'aria-label': name,
      },
      label,
      icon('external'),
    );
  }
  return h(
    'button',
    {
      type: 'button',
      class: `button ${style}`,
      disabled: button.disabled,
      'aria-label': name,
      'data-do': 'click',
      'data-custom': button.custom_id,
      'data-message': message.id,
      'data-key': button.custom_id,
    },
    label,
    h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
  );
}

export function drawEmoji(emoji) {
  return emoji?.name
    ? h('span', { class: 'emoji', 'aria-hidden': 'true' }, emoji.id ? '✦' : emoji.name)
    : undefined;
}

function drawSelect(select, message, look) {
  const chosen = (select.options ?? []).filter((option) => option.default);
  const placeholder = select.placeholder ?? look.words.select;
  return h(
    'button',
    {
      type: 'button',
      class: 'select',
      role: 'combobox',
      disabled: select.disabled,
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'aria-label': placeholder,
      'data-do': 'select',
      'data-custom': select.custom_id,
      'data-message': message.id,
      'data-key': select.custom_id,
    },
    h(
      'span',
      { class: chosen.length > 0 ? 'chosen' : 'placeholder' },
      chosen.length > 0
        ? chosen.map((option, index) => [
            index > 0 ? ', ' : '',
            drawEmoji(option.emoji),
            option.label,
          ])
        : placeholder,
    ),
    icon('chevron'),
  );
}

/** The uploaded file behind `attachment://name`, or the address as it stands. */
function mediaOf(media, message) {
  const reference = /^attachment:\/\/(.+)$/.exec(media?.url ?? '');
  const uploaded =
    reference && (message.attachments ?? []).find(({ filename }) => filename === reference[1]);
  return { ...media, ...uploaded };
}

function isVideo(media) {
  return (
    media.content_type?.startsWith('video/') || /\.(mp4|webm|mov)(\?|$)/i.test(media.url ?? '')
  );
}

function drawMedia(item, message, look) {
  const media = mediaOf(item.media, message);
  return h(
    'div',
    {
      class: `media${item.spoiler ? ' covered' : ''}`,
      'data-do': item.spoiler ? 'spoiler' : undefined,
    },
    drawVisual(media, item.description, look),
  );
}

function drawVisual(media, description, look) {
  const address = safeAddress(media.url);
  const size = { width: media.width ?? undefined, height: media.height ?? undefined };
  if (isVideo(media)) {
    return h('video', {
      src: address,
      controls: true,
      playsinline: true,
      preload: 'metadata',
      'data-key': address,
      'aria-label': description ?? media.filename ?? look.words.video,
      ...size,
    });
  }
  return h(
    'button',
    {
      type: 'button',
      class: 'picture',
      'data-do': 'picture',
      'aria-label': description ?? look.words.image,
    },
    h('img', { src: address, alt: description ?? '', 'data-key': address, ...size }),
  );
}

function drawFile(file, spoiler, look) {
  const name = file.filename ?? file.url?.split('/').at(-1) ?? look.words.chooseFile;
  return h(
    'div',
    { class: `file${spoiler ? ' covered' : ''}`, 'data-do': spoiler ? 'spoiler' : undefined },
    icon('file'),
    h(
      'span',
      {},
      h('a', { href: safeAddress(file.url), target: '_blank', rel: 'noopener noreferrer' }, name),
      file.size === undefined ? undefined : h('small', {}, fileSize(file.size)),
    ),
  );
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(2)} MB`;
}

/** Draws attachments of a message of the older kind; version 2 shows only what it refers to. */
export function drawAttachments(message, look) {
  const attachments = message.attachments ?? [];
  const visual = attachments.filter(
    (file) => isVideo(file) || file.content_type?.startsWith('image/'),
  );
  const others = attachments.filter((file) => !visual.includes(file));
  return [
    visual.length > 0 &&
      h(
        'div',
        { class: `gallery count-${Math.min(visual.length, 10)}` },
        visual.map((file) =>
          h('div', { class: 'media' }, drawVisual(file, file.description, look)),
        ),
      ),
    others.map((file) => drawFile(file, false, look)),
  ];
}

export function drawEmbed(embed, look) {
  const line = (name, text) =>
    text ? h('div', { class: name }, drawMarkdown(text, look)) : undefined;
  const address = safeAddress(embed.url);
  return h(
    'div',
    {
      class: 'embed',
      css: typeof embed.color === 'number' ? { '--accent': colour(embed.color) } : {},
    },
    h(
      'div',
      { class: 'embed-text' },
      embed.author && h('div', { class: 'embed-author' }, embed.author.name),
      embed.title &&
        h(
          'div',
          { class: 'embed-title' },
          address
            ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, embed.title)
            : embed.title,
        ),
      line('embed-description', embed.description),
      embed.fields?.length > 0 &&
        h(
          'div',
          { class: 'embed-fields' },
          embed.fields.map((field) =>
            h(
              'div',
              { class: field.inline ? 'inline' : '' },
              h('strong', {}, drawMarkdown(field.name, look)),
              drawMarkdown(field.value, look),
            ),
          ),
        ),
      embed.image &&
        h(
          'div',
          { class: 'gallery count-1' },
          h('div', { class: 'media' }, drawVisual(embed.image, embed.title, look)),
        ),
      embed.footer && h('div', { class: 'embed-footer' }, embed.footer.text),
    ),
    embed.thumbnail &&
      h(
        'div',
        { class: 'thumbnail' },
        h('div', { class: 'media' }, drawVisual(embed.thumbnail, embed.title, look)),
      ),
  );
}
