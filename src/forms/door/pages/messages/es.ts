import type { Messages } from './messages.ts';

/** What we say in Spanish. */
export const es: Messages = {
  thanks: ['¡Gracias!', 'Tu mensaje ha llegado.'],
  back: 'Volver a',
  again: 'Enviar de nuevo',
  kept: 'También puedes volver atrás en el navegador: lo que escribiste sigue ahí.',
  files: 'Vuelve a elegir tus archivos.',
  failures: {
    invalid: ['Revisa tus datos', 'Falta algo o todavía no es correcto.'],
    empty: ['No has rellenado nada', 'Rellena el formulario antes de enviarlo.'],
    unknown: ['Aquí no hay ningún formulario', 'La dirección es incorrecta o ya no se usa.'],
    inactive: ['Este formulario está cerrado', 'Ya no acepta mensajes.'],
    blocked: ['No se ha aceptado', 'El formulario no acepta mensajes desde esta página.'],
    captcha: [
      '¿Eres una persona?',
      'Vuelve atrás, confírmalo allí y envía el formulario de nuevo.',
    ],
    large: ['Es demasiado', 'Acorta el texto o elige archivos más pequeños.'],
    files: [
      'Es demasiado',
      'El texto y los archivos pueden sumar {most} MB. Elige archivos más pequeños.',
    ],
    unreadable: ['No se ha podido leer', 'Avisa al responsable del sitio web.'],
    busy: ['Un momento, por favor', 'Demasiados envíos a la vez. Inténtalo de nuevo más tarde.'],
    method: [
      'Esta es la dirección de un formulario',
      'Los formularios envían aquí sus datos con method="POST". No hay nada que leer.',
    ],
    failed: ['No ha funcionado', 'El fallo es nuestro. Inténtalo de nuevo en unos minutos.'],
  },
  mistakes: {
    required: 'Rellena este campo.',
    name: 'Escribe tu nombre.',
    email: 'Escribe tu correo electrónico.',
    phone: 'Escribe tu número de teléfono.',
    not_email: 'Escribe un correo electrónico, por ejemplo nombre@example.com.',
    not_phone: 'Escribe un número de teléfono, por ejemplo +34 912 345 678.',
    not_name: 'Escribe tu nombre con letras.',
    too_long: 'Acorta este texto.',
    too_short: 'Escribe un poco más.',
    file_large: 'Este archivo es demasiado grande.',
    file_many: 'Son demasiados archivos.',
    file_kind: 'No se acepta este tipo de archivo.',
    disposable: 'Escribe una dirección que vayas a conservar.',
    captcha: 'Confirma que eres una persona.',
    invalid: 'Revisa este campo.',
  },
  labels: {
    full_name: 'Nombre',
    email: 'Correo electrónico',
    phone_number: 'Teléfono',
    company_name: 'Empresa',
    position: 'Cargo',
    notes: 'Mensaje',
  },
};
