import type { Messages } from './messages.ts';

/** What we say in Portuguese. */
export const pt: Messages = {
  thanks: ['Obrigado!', 'A sua mensagem chegou.'],
  back: 'Voltar a',
  again: 'Enviar novamente',
  kept: 'Também pode voltar atrás no navegador: o que escreveu continua lá.',
  files: 'Escolha novamente os seus ficheiros.',
  failures: {
    invalid: ['Verifique os seus dados', 'Falta algo ou ainda não está tudo certo.'],
    empty: ['Nada foi preenchido', 'Preencha o formulário antes de o enviar.'],
    unknown: ['Não há nenhum formulário aqui', 'O endereço está errado ou já não é usado.'],
    inactive: ['Este formulário está fechado', 'Já não aceita mensagens.'],
    blocked: ['O envio não foi aceite', 'O formulário não aceita mensagens desta página.'],
    captcha: ['É humano?', 'Volte atrás, confirme-o lá e envie o formulário novamente.'],
    large: ['É demasiado', 'Encurte o texto ou escolha ficheiros mais pequenos.'],
    unreadable: ['Não foi possível ler o envio', 'Avise o responsável pelo site.'],
    busy: ['Um momento, por favor', 'Demasiados envios de uma vez. Tente novamente mais tarde.'],
    method: [
      'Este é o endereço de um formulário',
      'Os formulários enviam para aqui com method="POST". Não há nada para ler.',
    ],
    failed: ['Não funcionou', 'O erro é nosso. Tente novamente dentro de alguns minutos.'],
  },
  mistakes: {
    required: 'Preencha este campo.',
    name: 'Escreva o seu nome.',
    email: 'Escreva o seu e-mail.',
    phone: 'Escreva o seu número de telefone.',
    not_email: 'Escreva um e-mail, por exemplo nome@example.com.',
    not_phone: 'Escreva um número de telefone, por exemplo +351 21 123 4567.',
    not_name: 'Escreva o seu nome com letras.',
    too_long: 'Encurte este texto.',
    too_short: 'Escreva um pouco mais.',
    file_large: 'Este ficheiro é demasiado grande.',
    file_many: 'São demasiados ficheiros.',
    file_kind: 'Este tipo de ficheiro não é aceite.',
    invalid: 'Verifique este campo.',
  },
  labels: {
    full_name: 'Nome',
    email: 'E-mail',
    phone_number: 'Telefone',
    company_name: 'Empresa',
    position: 'Cargo',
    notes: 'Mensagem',
  },
};
